//! Search as its users meet it: documents in, rows out.

mod asked;
mod likeness;
mod model;
mod sections;

use super::*;
use crate::model::{Category, CategoryFilter, CauseId, CauseState, Passage, TicketId};

fn ticket(number: u32, title: &str, question: &str, agent: &str) -> Document {
    let id = TicketId::from_bits(u64::from(number) * 7_919_777 % (1 << 50));
    let mut document = Document::ticket(DocNo(number), id);
    document.title = title.to_owned();
    document.question = question.to_owned();
    document.agent = agent.to_owned();
    document.datasets = vec!["一月".to_owned()];
    document
}

fn category(mut document: Document, product: &str, issue_type: &str) -> Document {
    document.category = Some(Category {
        product: product.to_owned(),
        issue_type: issue_type.to_owned(),
    });
    document
}

struct Shop {
    search: Search,
    dir: tempfile::TempDir,
}

const STORE: [u8; 16] = [7; 16];

fn shop(documents: &[Document]) -> Shop {
    let dir = tempfile::tempdir().unwrap();
    let (search, standing) = Search::open(dir.path(), STORE, &Lexicon::default()).unwrap();
    assert_eq!(
        standing,
        Standing::Rebuild {
            reason: RebuildReason::Missing
        }
    );
    search.put(documents.to_vec()).unwrap();
    search.commit(Sequence(9)).unwrap();
    search.flush().unwrap();
    Shop { search, dir }
}

impl Shop {
    fn docs(&self, query: &str) -> Vec<u32> {
        let hits = self.search.find(query, &TicketFilter::default(), 20);
        hits.unwrap().hits.iter().map(|hit| hit.doc.0).collect()
    }

    /// Rows that match as asked.
    fn asked(&self, query: &str) -> Vec<u32> {
        let hits = self
            .search
            .find(query, &TicketFilter::default(), 20)
            .unwrap();
        let asked = hits.hits.iter().filter(|hit| hit.relaxed.is_none());
        let mut docs: Vec<u32> = asked.map(|hit| hit.doc.0).collect();
        docs.sort_unstable();
        docs
    }

    fn relaxed(&self, query: &str) -> Option<(String, Vec<String>)> {
        let hits = self
            .search
            .find(query, &TicketFilter::default(), 20)
            .unwrap();
        hits.relaxed.map(|relaxed| (relaxed.kind, relaxed.dropped))
    }
}

fn sample() -> Shop {
    let mut holding = ticket(3, "域名一直删除中", "删除域名很久没有完成", "域名已经删除");
    holding.holding = "手动介入处理，请稍等".to_owned();
    let mut caused = category(
        ticket(4, "图片打不开", "外链图片403", "Referer 防盗链拦截了请求"),
        "对象存储",
        "访问问题",
    );
    caused.causes = vec![(
        Some(CauseId::from_hash(&[1; 32])),
        "防盗链配置错误".to_owned(),
    )];
    caused.state = CauseState::Confirmed;
    caused.datasets = vec!["二月".to_owned()];
    caused.date = Some(jiff::civil::date(2024, 5, 20));
    shop(&[
        category(
            ticket(
                1,
                "更换证书后一直处理中",
                "新的SSL证书部署两小时，https://cdn.example.com/a 仍显示处理中",
                "证书已经部署完成，请确认",
            ),
            "CDN",
            "证书问题",
        ),
        category(
            ticket(
                2,
                "申请退费",
                "买错了云主机，想退费",
                "退款原路返回，订单号 20240101ABC",
            ),
            "云主机",
            "计费问题",
        ),
        category(holding, "CDN", "配置问题"),
        caused,
        ticket(
            5,
            "qshell 登录失败",
            "查看qshell登录时报错 error 612",
            "请检查密钥是否正确",
        ),
    ])
}

#[test]
fn words_of_either_side_find_their_ticket() {
    let shop = sample();
    assert_eq!(shop.asked("证书"), [1]);
    assert_eq!(shop.asked("检查密钥"), [5]);
    assert_eq!(shop.asked("qshell登录"), [5]);
    assert_eq!(shop.asked("ｑｓｈｅｌｌ"), [5]);
    assert_eq!(shop.asked("證書"), [1]);
    assert_eq!(shop.asked("怎么查看qshell"), [5]);
}

#[test]
fn addresses_and_numbers_are_found_whole_and_in_parts() {
    let shop = sample();
    for query in ["cdn.example.com", "example ", "https://cdn.example.com/a"] {
        assert_eq!(shop.asked(query), [1], "{query}");
    }
    assert_eq!(shop.asked("20240101abc"), [2]);
    assert_eq!(shop.asked("20240101"), [2]);
    assert_eq!(shop.asked("612"), [5]);
}

#[test]
fn the_last_word_is_a_beginning_and_the_others_are_not() {
    let shop = sample();
    for query in ["q", "qs", "qshe", "登录 qsh", "qsh* 登录"] {
        assert_eq!(shop.asked(query), [5], "{query}");
    }
    assert_eq!(shop.asked("证"), [1]);
    assert!(shop.asked("qshe 登录").is_empty());
}

#[test]
fn synonyms_find_each_other() {
    let shop = sample();
    assert_eq!(shop.asked("退订"), [2]);
    assert_eq!(shop.docs("退款")[0], 2);
}

#[test]
fn pinyin_finds_titles_categories_and_causes() {
    let shop = sample();
    for query in ["zhengshu", "zs", "zhengs", "cdn zhengshu", "ghzs"] {
        assert_eq!(shop.docs(query).first(), Some(&1), "{query}");
        assert_eq!(
            shop.relaxed(query).map(|r| r.0).as_deref(),
            Some("pinyin"),
            "{query}"
        );
    }
    assert_eq!(shop.docs("fangdaolian"), [4]);
    assert_eq!(shop.docs("yunzhuji"), [2]);
}

#[test]
fn a_slip_of_one_letter_is_forgiven_and_said() {
    let shop = sample();
    assert_eq!(shop.docs("qshelk "), [5]);
    assert_eq!(shop.relaxed("qshelk ").unwrap().0, "fuzzy");
}

#[test]
fn a_word_typed_several_times_is_named_once_among_those_dropped() {
    let shop = sample();
    let (_, dropped) = shop.relaxed("证书 长颈鹿 长颈鹿 长颈鹿 长颈鹿").unwrap();
    assert_eq!(dropped, ["长颈鹿"]);
}

#[test]
fn words_that_no_ticket_has_together_are_dropped_and_named() {
    let shop = sample();
    let (kind, dropped) = shop.relaxed("证书 长颈鹿").unwrap();
    assert_eq!(
        (kind.as_str(), dropped),
        ("dropped", vec!["长颈鹿".to_owned()])
    );
    assert_eq!(shop.docs("证书 长颈鹿"), [1]);
}

#[test]
fn holding_replies_are_findable_and_carry_nothing_up() {
    let shop = sample();
    assert_eq!(shop.docs("手动介入"), [3]);
    assert_eq!(shop.docs("处理中")[0], 1);
}

#[test]
fn fields_phrases_and_operators_narrow() {
    let shop = sample();
    assert_eq!(shop.asked("类:CDN"), [1, 3]);
    assert_eq!(shop.asked("类:cdn 证书"), [1]);
    assert_eq!(shop.asked("类:CDN｜配置问题"), [3]);
    assert_eq!(shop.asked("型:证书问题"), [1]);
    assert_eq!(shop.asked("因:防盗链"), [4]);
    assert_eq!(shop.asked("态:confirmed"), [4]);
    assert_eq!(shop.asked("集:二月"), [4]);
    for days in [
        "2024",
        "2024-05",
        "2024-05-20",
        "2024-05..2024-06",
        "..2024年5月",
        "2024.5.20..",
    ] {
        assert_eq!(shop.asked(&format!("日期:{days}")), [4], "{days}");
    }
    assert_eq!(shop.asked("date:2023"), [0; 0]);
    assert!(!shop.asked("-date:2024").contains(&4));
    assert_eq!(shop.asked("问:403"), [4]);
    assert!(shop.asked("答:403").is_empty());
    assert_eq!(shop.asked("\"删除域名\""), [3]);
    assert!(shop.asked("\"域名很久\" -\"删除域名\"").is_empty());
    assert_eq!(shop.asked("域名 -证书"), [3]);
    assert_eq!(shop.asked("证书 OR 退费"), [1, 2]);
    assert_eq!(shop.asked("(证书 OR 退费) 类:云主机"), [2]);
    let id = ticket(5, "", "", "").id;
    assert_eq!(
        shop.asked(&format!("id:{}", id.as_str().get(..7).unwrap())),
        [5]
    );
}

#[test]
fn a_phrase_is_right_where_words_overlap() {
    let shop = shop(&[
        ticket(1, "甲", "对象存储空间已满", ""),
        ticket(2, "乙", "存储对象空间已满", ""),
        ticket(3, "丙", "对象，存储空间", ""),
    ]);
    assert_eq!(shop.asked("\"对象存储空间\""), [1]);
    assert_eq!(shop.asked("\"存储空间\""), [1, 3]);
    assert_eq!(shop.asked("\"象存\""), [1]);
}

#[test]
fn a_malformed_query_finds_by_its_words() {
    let shop = sample();
    for query in ["(证书", "证书)", "\"证书", "证书 -", "证书 OR", "品:证书"] {
        assert_eq!(shop.docs(query).first(), Some(&1), "{query}");
    }
    assert!(shop.docs("").is_empty() && shop.docs("，。").is_empty());
}

#[test]
fn counts_follow_the_hits_and_ignore_the_category() {
    let shop = sample();
    let filter = TicketFilter {
        category: Some(CategoryFilter {
            product: "云主机".to_owned(),
            issue_type: None,
        }),
        ..TicketFilter::default()
    };
    let tree = shop.search.counts("域名 OR 证书", &filter).unwrap();
    let rows: Vec<(&str, Option<&str>, usize)> = tree
        .iter()
        .map(|n| (n.product.as_str(), n.issue_type.as_deref(), n.count))
        .collect();
    assert_eq!(
        rows,
        [
            ("CDN", None, 2),
            ("CDN", Some("证书问题"), 1),
            ("CDN", Some("配置问题"), 1)
        ]
    );
    assert!(
        shop.search
            .find("证书", &filter, 9)
            .unwrap()
            .hits
            .iter()
            .all(|h| h.doc.0 == 2 || h.relaxed.is_some())
    );
}

/// Tickets in the category tree of a query.
fn counted(shop: &Shop, query: &str) -> usize {
    let tree = shop.search.counts(query, &TicketFilter::default()).unwrap();
    let products = tree.iter().filter(|node| node.issue_type.is_none());
    products.map(|node| node.count).sum()
}

#[test]
fn rows_total_and_counts_agree_when_synonyms_help_out() {
    let titles = [
        "证书处理中",
        "更换证书仍处理中",
        "https 处理中",
        "ssl 一直处理中",
    ];
    let documents: Vec<Document> = (0..)
        .zip(titles)
        .map(|(n, title)| category(ticket(n, title, "", ""), "CDN", "证书问题"))
        .collect();
    let shop = shop(&documents);
    let hits = shop
        .search
        .find("证书 处理中", &TicketFilter::default(), 50)
        .unwrap();
    let asked = hits.hits.iter().filter(|hit| hit.relaxed.is_none());
    assert_eq!(asked.count(), 4);
    assert_eq!((hits.total, counted(&shop, "证书 处理中")), (4, 4));
    assert!(hits.hits[0].doc.0 < 2 && hits.hits[1].doc.0 < 2);
    let matching = shop
        .search
        .matching("证书 处理中", &TicketFilter::default());
    assert_eq!(matching.unwrap().len(), 4);
}

#[test]
fn a_ticket_with_a_link_is_not_about_certificates() {
    let shop = shop(&[
        ticket(1, "图片打不开", "https://img.example.com/a.png 打不开", ""),
        ticket(2, "https 打不开", "", ""),
    ]);
    assert_eq!(shop.docs("证书"), [2]);
    assert_eq!(shop.docs("https"), [2]);
    assert_eq!(shop.asked("https://img.example.com/a.png"), [1]);
    assert_eq!(shop.asked("img.example.com"), [1]);
}

#[test]
fn letters_of_words_that_stand_apart_find_their_ticket() {
    let shop = shop(&[
        category(ticket(1, "更换后一直处理中", "", ""), "CDN", "证书问题"),
        category(ticket(2, "cdn 节点的日志怎么下载", "", ""), "其他", "咨询"),
        category(ticket(3, "存储空间无法删除", "", ""), "对象存储", "其他"),
    ]);
    for (query, doc) in [
        ("cdnzs", 1),
        ("cdnzhengshu", 1),
        ("cdnrz", 2),
        ("cdnxz", 2),
        ("ccsc", 3),
        ("kjsc", 3),
    ] {
        assert_eq!(shop.docs(query).first(), Some(&doc), "{query}");
    }
}

#[test]
fn words_and_phrases_of_one_side_stay_on_it() {
    let mut talk = ticket(1, "流量异常", "域名被刷了", "已经封禁来源，域名可以恢复");
    talk.customer = "域名被刷了\n想恢复域名".to_owned();
    let shop = shop(&[talk, ticket(2, "恢复", "来源不明", "域名正常")]);
    assert_eq!(shop.asked("问:恢复"), [1]);
    assert_eq!(shop.asked("答:恢复"), [1]);
    assert_eq!(shop.asked("问:来源"), [2]);
    assert_eq!(shop.asked("答:\"封禁来源\""), [1]);
    assert!(shop.asked("问:\"封禁来源\"").is_empty());
    assert_eq!(shop.asked("问:\"恢复域名\""), [1]);
    // Neither across a turn's end nor across parts.
    assert!(shop.asked("问:\"被刷了想恢复\"").is_empty());
    assert!(shop.asked("\"流量异常域名\"").is_empty());
}

#[test]
fn passages_are_found_beside_tickets_and_belong_to_no_category() {
    let mut article = ticket(8, "防盗刷指南", "", "");
    article.kind = Kind::Article;
    article.passages = vec![
        Passage {
            heading: "背景".to_owned(),
            text: "流量被刷的常见情形".to_owned(),
        },
        Passage {
            heading: "做法".to_owned(),
            text: "配置访问白名单".to_owned(),
        },
    ];
    let shop = shop(&[article, category(ticket(9, "白名单", "", ""), "CDN", "")]);
    let hits = shop
        .search
        .find("白名单", &TicketFilter::default(), 9)
        .unwrap();
    let places: Vec<_> = hits
        .hits
        .iter()
        .map(|h| (h.doc.0, h.kind, h.passage))
        .collect();
    assert!(places.contains(&(8, Kind::Article, Some(2))));
    assert!(places.contains(&(9, Kind::Ticket, None)));
    let counts = shop
        .search
        .counts("白名单", &TicketFilter::default())
        .unwrap();
    assert_eq!(counts.len(), 1);
    assert_eq!(shop.search.documents(), 2);
    assert_eq!(
        shop.search
            .matching("白名单", &TicketFilter::default())
            .unwrap(),
        [DocNo(8), DocNo(9)]
    );
}

#[test]
fn tickets_like_a_text_come_in_order_without_the_one_asked_from() {
    let shop = sample();
    let text = "我的云主机买错了，能退款吗";
    let hits = shop.search.similar(text, &|_| None, None, 5).unwrap();
    assert_eq!(hits.hits[0].doc, DocNo(2));
    let hits = shop
        .search
        .similar(text, &|_| None, Some(DocNo(2)), 5)
        .unwrap();
    assert!(hits.hits.iter().all(|hit| hit.doc != DocNo(2)));
}

#[test]
fn a_change_is_findable_without_a_commit() {
    let shop = sample();
    shop.search
        .put(vec![ticket(1, "彻底改名", "", "")])
        .unwrap();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(5);
    while shop.docs("彻底改名").first() != Some(&1) {
        assert!(std::time::Instant::now() < deadline, "not findable");
    }
    assert!(shop.asked("证书").is_empty());
    shop.search.remove(&[DocNo(1)]).unwrap();
    shop.search.flush().unwrap();
    assert!(shop.asked("彻底改名").is_empty());
    assert_eq!(shop.search.sequence(), Sequence(9));
}

#[test]
fn a_reopened_index_stands_where_it_was_committed() {
    let Shop { search, dir } = sample();
    drop(search);
    let (search, standing) = Search::open(dir.path(), STORE, &Lexicon::default()).unwrap();
    assert_eq!(standing, Standing::At(Sequence(9)));
    assert_eq!(search.documents(), 5);
    drop(search);
    let words = Lexicon {
        words: vec!["新词".to_owned()],
        synonyms: vec![],
    };
    let reason = |store, lexicon: &Lexicon| match Search::open(dir.path(), store, lexicon) {
        Ok((_, Standing::Rebuild { reason })) => reason,
        other => panic!("{:?}", other.map(|o| o.1)),
    };
    assert_eq!(reason(STORE, &words), RebuildReason::OtherLexicon);
    assert_eq!(
        reason([8; 16], &Lexicon::default()),
        RebuildReason::OtherStore
    );
}

#[test]
fn a_rebuild_serves_the_old_index_keeps_changes_and_swaps() {
    let shop = sample();
    let words = Lexicon {
        words: vec!["处理中".to_owned()],
        synonyms: vec![vec!["长颈鹿".to_owned(), "证书".to_owned()]],
    };
    let mut rebuilder = shop.search.rebuild(&words).unwrap();
    shop.search
        .put(vec![ticket(2, "已经改过", "", "")])
        .unwrap();
    shop.search.remove(&[DocNo(3)]).unwrap();
    rebuilder
        .put(vec![
            ticket(1, "证书", "", ""),
            ticket(2, "旧的", "", ""),
            ticket(3, "旧的", "", ""),
        ])
        .unwrap();
    assert_eq!(shop.asked("qshell"), [5]);
    rebuilder.finish(Sequence(20)).unwrap();
    shop.search.flush().unwrap();
    assert_eq!(shop.asked("长颈鹿"), [1]);
    assert_eq!(shop.asked("已经改过"), [2]);
    assert!(shop.asked("旧的").is_empty());
    assert_eq!(shop.search.sequence(), Sequence(20));
    let indexes = std::fs::read_dir(shop.dir.path()).unwrap().flatten();
    let indexes = indexes.filter(|e| e.file_name().to_string_lossy().starts_with("index-"));
    assert_eq!(indexes.count(), 1);
    drop(shop.search);
    let (_, standing) = Search::open(shop.dir.path(), STORE, &words).unwrap();
    assert_eq!(standing, Standing::At(Sequence(20)));
}

#[test]
fn an_abandoned_rebuild_leaves_nothing() {
    let shop = sample();
    drop(shop.search.rebuild(&Lexicon::default()).unwrap());
    assert_eq!(shop.asked("证书"), [1]);
    let indexes = std::fs::read_dir(shop.dir.path()).unwrap().flatten();
    let indexes = indexes.filter(|e| e.file_name().to_string_lossy().starts_with("index-"));
    assert_eq!(indexes.count(), 1);
}

#[test]
fn a_damaged_index_is_rebuilt_and_never_panics() {
    let files = |dir: &Path| -> Vec<PathBuf> {
        let index = std::fs::read_dir(dir)
            .unwrap()
            .flatten()
            .find(|e| e.path().is_dir());
        let mut files: Vec<PathBuf> = std::fs::read_dir(index.unwrap().path())
            .unwrap()
            .flatten()
            .map(|e| e.path())
            .filter(|p| !p.to_string_lossy().contains("lock"))
            .collect();
        files.sort();
        files
    };
    let Shop { search, dir } = sample();
    drop(search);
    let count = files(dir.path()).len();
    for nth in 0..count {
        for harm in ["truncate", "garbage", "flip", "remove"] {
            let Shop { search, dir } = sample();
            drop(search);
            let Some(file) = files(dir.path()).get(nth).cloned() else {
                continue;
            };
            let mut bytes = std::fs::read(&file).unwrap();
            match harm {
                "truncate" => bytes.truncate(bytes.len() / 2),
                "garbage" => bytes = vec![0x5a; bytes.len()],
                "flip" => {
                    if let Some(byte) = bytes.first_mut() {
                        *byte ^= 0xff;
                    }
                }
                _ => {}
            }
            if harm == "remove" {
                std::fs::remove_file(&file).unwrap();
            } else {
                std::fs::write(&file, &bytes).unwrap();
            }
            let (search, standing) = Search::open(dir.path(), STORE, &Lexicon::default()).unwrap();
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            // The list of files to clean up is not part of the index.
            if name != ".managed.json" {
                assert!(
                    matches!(
                        standing,
                        Standing::Rebuild {
                            reason: RebuildReason::Damaged { .. }
                        }
                    ),
                    "{harm} {name}: {standing:?}"
                );
            }
            search.put(vec![ticket(1, "新的", "", "")]).unwrap();
            search.flush().unwrap();
            let hits = search.find("新的", &TicketFilter::default(), 5).unwrap();
            assert_eq!(hits.hits.len(), 1, "{harm} {name}");
        }
    }
    std::fs::write(dir.path().join("current"), "../elsewhere").unwrap();
    let (_, standing) = Search::open(dir.path(), STORE, &Lexicon::default()).unwrap();
    assert!(matches!(standing, Standing::Rebuild { .. }));
}

#[test]
fn among_very_many_hits_those_with_a_word_in_the_title_come_first() {
    let titled = 30;
    let documents: Vec<Document> = (0..20_100)
        .map(|n| match n < titled {
            true => ticket(n, "证书过期", "怎么续", ""),
            false => ticket(n, "其他", "证书过期", ""),
        })
        .collect();
    let shop = shop(&documents);
    let find = |limit| {
        let hits = shop.search.find("证书", &TicketFilter::default(), limit);
        hits.unwrap()
    };
    let few = find(20);
    assert_eq!((few.hits.len(), few.total, few.more), (20, 20_100, false));
    assert!(few.hits.iter().all(|hit| hit.doc.0 < titled));
    // Where there are not as many of them as rows, the rest follow.
    let all = find(50);
    assert_eq!(all.hits.len(), 50);
    let first = all.hits.iter().take(titled as usize);
    assert!(first.clone().all(|hit| hit.doc.0 < titled));
}

#[test]
fn counts_and_rows_asked_for_again_follow_the_index() {
    let shop = shop(&[category(ticket(1, "证书", "", ""), "CDN", "证书问题")]);
    let count = || {
        let tree = shop
            .search
            .counts("证书", &TicketFilter::default())
            .unwrap();
        tree.first().map(|node| node.count)
    };
    assert_eq!(
        (shop.docs("证书"), count(), count()),
        (vec![1], Some(1), Some(1))
    );
    let more = category(ticket(2, "证书", "", ""), "CDN", "证书问题");
    shop.search.put(vec![more]).unwrap();
    shop.search.flush().unwrap();
    assert_eq!((shop.docs("证书").len(), count()), (2, Some(2)));
}
