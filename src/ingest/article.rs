//! Reference text: title, source, date and passages, without the page around them.

use std::collections::{HashSet, VecDeque};

use jiff::civil::Date;

use crate::model::{Article, Passage};
use crate::text::similarity::similarity;

use super::assemble::first_words;
use super::dates::date;
use super::labels::split_number;

/// Lines at the front in which title, date and source stand.
const FRONT: usize = 20;

/// Kept lines a new one is compared with.
const RECENT: usize = 64;

/// Similarity from which a line repeats another.
const REPEATED: f32 = 0.92;

/// Characters after which paragraphs without headings begin a new passage.
const PASSAGE: usize = 1_000;

/// Characters of the longest heading of a numbered section.
const HEADING: usize = 60;

/// Characters of text a file must hold to be an article.
const LEAST: usize = 40;

/// Reads an article; `None` when there is too little text for one. Gives the passages' lines too.
pub(crate) fn read(file_name: &str, text: &str) -> Option<(Article, Vec<u32>)> {
    let (front, text, skipped) = front_matter(text);
    let lines = kept_lines(text, skipped);
    let letters: usize = lines
        .iter()
        .map(|(_, l)| l.chars().filter(|c| c.is_alphanumeric()).count())
        .sum();
    if letters < LEAST {
        return None;
    }
    let mut article = Article {
        title: front.title.unwrap_or_default(),
        source: front.source,
        date: front.date,
        passages: Vec::new(),
    };
    let used = head(&lines, &mut article);
    if article.title.is_empty() {
        article.title = fallback_title(&lines, file_name);
    }
    let body: Vec<(u32, &str)> = lines
        .into_iter()
        .enumerate()
        .filter(|(at, _)| !used.contains(at))
        .map(|(_, l)| l)
        .collect();
    let starts = passages(&body, &mut article);
    Some((article, starts))
}

#[derive(Default)]
struct Front {
    title: Option<String>,
    source: Option<String>,
    date: Option<Date>,
}

/// Splits off `---` front matter.
fn front_matter(text: &str) -> (Front, &str, u32) {
    let mut front = Front::default();
    let Some(inner) = text.trim_start().strip_prefix("---\n") else {
        return (front, text, 0);
    };
    let Some(end) = inner.find("\n---") else {
        return (front, text, 0);
    };
    let head = inner.get(..end).unwrap_or_default();
    if head.len() > 4096
        || !head
            .lines()
            .all(|l| l.contains([':', '：']) || l.trim().is_empty() || l.starts_with([' ', '-']))
    {
        return (front, text, 0);
    }
    for line in head.lines() {
        let Some((key, value)) = line.split_once([':', '：']) else {
            continue;
        };
        let value = value.trim().trim_matches(['"', '\'']);
        match key.trim().to_lowercase().as_str() {
            "title" | "标题" => front.title = Some(value.to_owned()).filter(|v| !v.is_empty()),
            "source" | "来源" | "site" => {
                front.source = Some(value.to_owned()).filter(|v| !v.is_empty());
            }
            "date" | "日期" | "发布时间" => front.date = date(value),
            _ => {}
        }
    }
    let rest = inner.get(end + 4..).unwrap_or_default();
    let skipped = head.lines().count() + 2;
    (
        front,
        rest.trim_start_matches('-'),
        u32::try_from(skipped).unwrap_or(0).saturating_sub(1),
    )
}

/// The lines without navigation, repetition and the list of other articles at the end.
fn kept_lines(text: &str, skipped: u32) -> Vec<(u32, &str)> {
    let mut kept: Vec<(u32, &str)> = Vec::new();
    let mut seen: HashSet<String> = HashSet::new();
    let mut recent: VecDeque<&str> = VecDeque::new();
    let mut content = 0;
    for (number, line) in (skipped + 1..).zip(text.split('\n')) {
        let bare = line.trim();
        if bare.is_empty() {
            kept.push((number, ""));
            continue;
        }
        if content >= 3 && begins_tail(bare) {
            break;
        }
        if is_navigation(bare) {
            continue;
        }
        let long = bare.chars().nth(24).is_some();
        if long {
            let key: String = bare.chars().filter(|c| c.is_alphanumeric()).collect();
            let near = recent.iter().any(|r| {
                r.len().abs_diff(bare.len()) * 4 < bare.len() && similarity(r, bare) >= REPEATED
            });
            if near || !seen.insert(key) {
                continue;
            }
            recent.push_back(bare);
            if recent.len() > RECENT {
                recent.pop_front();
            }
            content += 1;
        }
        kept.push((number, line.trim_end()));
    }
    kept
}

fn begins_tail(line: &str) -> bool {
    const TAILS: [&str; 18] = [
        "相关文章",
        "相关推荐",
        "推荐阅读",
        "相关阅读",
        "延伸阅读",
        "猜你喜欢",
        "热门文章",
        "热门推荐",
        "最新文章",
        "更多文章",
        "你可能还喜欢",
        "您可能感兴趣",
        "大家都在看",
        "相关内容",
        "相关资讯",
        "related articles",
        "related posts",
        "you may also like",
    ];
    let bare = line
        .trim_matches(|c: char| !c.is_alphanumeric())
        .to_lowercase();
    TAILS.contains(&bare.as_str())
}

fn is_navigation(line: &str) -> bool {
    const WHOLE: [&str; 40] = [
        "导航",
        "首页",
        "登录",
        "注册",
        "返回顶部",
        "返回首页",
        "不再显示此消息",
        "上一篇",
        "下一篇",
        "目录",
        "菜单",
        "搜索",
        "分享",
        "分享到",
        "收藏",
        "点赞",
        "评论",
        "打印",
        "关闭",
        "更多",
        "展开",
        "收起",
        "展开全部",
        "阅读全文",
        "查看更多",
        "联系我们",
        "关于我们",
        "意见反馈",
        "home",
        "menu",
        "search",
        "login",
        "sign in",
        "sign up",
        "back to top",
        "share",
        "next",
        "previous",
        "skip to content",
        "网站地图",
    ];
    const STARTS: [&str; 15] = [
        "当前位置",
        "您的位置",
        "您当前的位置",
        "所在位置",
        "检测到您",
        "上一篇",
        "下一篇",
        "版权所有",
        "copyright",
        "©",
        "免责声明",
        "本站",
        "京ICP",
        "粤ICP",
        "为了您更好的体验",
    ];
    let lower = line.to_lowercase();
    let bare = lower.trim_matches(|c: char| !c.is_alphanumeric() && c != '©');
    let crumbs = line.chars().count() <= 60
        && (line.contains(">>") || line.matches(" > ").count() >= 2 || line.contains(" » "));
    WHOLE.contains(&bare)
        || STARTS.iter().any(|s| bare.starts_with(&s.to_lowercase()))
        || crumbs
        || (lower.contains("icp备") && line.chars().count() <= 60)
}

/// Finds title, date and source among the first lines; gives the lines used up.
fn head(lines: &[(u32, &str)], article: &mut Article) -> HashSet<usize> {
    let mut used = HashSet::new();
    for (at, (_, line)) in lines.iter().enumerate().take(FRONT) {
        let text = line.trim();
        let count = text.chars().count();
        if text.is_empty() || count > 80 {
            continue;
        }
        let source = source_of(text);
        let dated = date(text).filter(|_| count <= 60);
        if source.is_some() || dated.is_some() {
            let bare_line = source.is_some() || count <= 24 || text.contains(['：', ':']);
            article.source = article.source.take().or(source);
            article.date = article.date.or(dated);
            if bare_line {
                used.insert(at);
                continue;
            }
        }
        if article.title.is_empty() && is_title(text, count) && at < FRONT / 2 {
            article.title = text.trim_start_matches('#').trim().to_owned();
            used.insert(at);
        }
    }
    used
}

fn source_of(text: &str) -> Option<String> {
    let (_, rest) = ["来源", "出处", "Source", "source", "转载自"]
        .iter()
        .find_map(|w| text.split_once(w))?;
    let rest = rest.trim_start().strip_prefix([':', '：'])?.trim_start();
    let name: String = rest
        .chars()
        .take_while(|c| !c.is_whitespace() && !"|｜,，;；".contains(*c))
        .collect();
    (!name.is_empty()).then_some(name)
}

fn is_title(text: &str, count: usize) -> bool {
    let bare = text.trim_start_matches('#').trim();
    let sentence = bare.ends_with(['。', '；', '，', '.', ';', ',', '：', ':']);
    // Snippets run phrases together; a title is one phrase.
    let run_together = count > 30 && bare.matches(' ').count() >= 2 && !bare.is_ascii();
    let sentence = sentence || run_together;
    let top = text.starts_with("# ");
    top || ((3..=60).contains(&count)
        && !sentence
        && !bare.contains('。')
        && split_number(bare).0.is_none()
        && !text.starts_with("##"))
}

/// Where no line is a title: the first words of the text, else the file's name.
fn fallback_title(lines: &[(u32, &str)], file_name: &str) -> String {
    let first = lines
        .iter()
        .map(|(_, l)| l.trim())
        .find(|l| !l.is_empty())
        .unwrap_or_default();
    let phrase = first
        .split([' ', '。', '？', '?', '，', ',', '；', '：'])
        .next()
        .unwrap_or_default();
    let count = phrase.chars().count();
    if (4..=40).contains(&count) {
        return phrase.trim_start_matches('#').to_owned();
    }
    let stem = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let stem = stem.rsplit_once('.').map_or(stem, |(s, _)| s);
    if stem.is_empty() || stem == "-" {
        first_words(first)
    } else {
        stem.to_owned()
    }
}

/// Cuts the body into passages; gives the lines they begin on.
fn passages(body: &[(u32, &str)], article: &mut Article) -> Vec<u32> {
    let headings = headings(body);
    let mut starts = Vec::new();
    let snippets = headings.is_empty() && is_snippets(body);
    let mut open: Option<(u32, Passage)> = None;
    let mut close = |open: &mut Option<(u32, Passage)>| {
        if let Some((line, mut passage)) = open.take() {
            passage.text = passage.text.trim().to_owned();
            if !passage.text.is_empty() || !passage.heading.is_empty() {
                starts.push(line);
                article.passages.push(passage);
            }
        }
    };
    for (at, (number, line)) in body.iter().enumerate() {
        if headings.contains(&at) {
            close(&mut open);
            let heading = line
                .trim()
                .trim_start_matches('#')
                .trim()
                .trim_matches('*')
                .to_owned();
            open = Some((
                *number,
                Passage {
                    heading,
                    text: String::new(),
                },
            ));
            continue;
        }
        let full = headings.is_empty()
            && open.as_ref().is_some_and(|(_, p)| {
                snippets || (line.is_empty() && p.text.chars().count() >= PASSAGE)
            });
        if full {
            close(&mut open);
        }
        if line.is_empty() && open.is_none() {
            continue;
        }
        let (_, passage) = open.get_or_insert_with(|| (*number, Passage::default()));
        passage.text.push_str(line);
        passage.text.push('\n');
    }
    close(&mut open);
    starts
}

/// Whether every line stands for itself: long lines, hardly a blank one.
fn is_snippets(body: &[(u32, &str)]) -> bool {
    let full: Vec<usize> = body
        .iter()
        .filter(|(_, l)| !l.is_empty())
        .map(|(_, l)| l.chars().count())
        .collect();
    let blank = body.len() - full.len();
    full.len() >= 3 && blank * 4 < full.len() && full.iter().sum::<usize>() >= full.len() * 60
}

/// Lines that head a section: Markdown headings, else numbered lines with text under them.
fn headings(body: &[(u32, &str)]) -> HashSet<usize> {
    let marked: HashSet<usize> = body
        .iter()
        .enumerate()
        .filter(|(_, (_, l))| l.starts_with('#') && l.trim_start_matches('#').starts_with(' '))
        .map(|(at, _)| at)
        .collect();
    if !marked.is_empty() {
        return marked;
    }
    let full: Vec<usize> = (0..body.len())
        .filter(|at| body.get(*at).is_some_and(|(_, l)| !l.is_empty()))
        .collect();
    let numbered = |at: usize| {
        let text = body.get(at).map_or("", |(_, l)| l.trim());
        let chapter =
            text.starts_with('第') && text.chars().take(6).any(|c| matches!(c, '章' | '节'));
        let count = text.chars().count();
        let heads = count <= HEADING && !text.ends_with(['。', '；', '，', ';']);
        (heads && (split_number(text).0.is_some() || chapter))
            .then(|| split_number(text).0.unwrap_or(0))
    };
    let mut found = HashSet::new();
    for (place, at) in full.iter().enumerate() {
        // Numbered lines one after another are a list.
        let next = full.get(place + 1).copied();
        if numbered(*at).is_some() && next.is_some_and(|n| numbered(n).is_none()) {
            found.insert(*at);
        }
    }
    if found.len() < 2 {
        HashSet::new()
    } else {
        found
    }
}
