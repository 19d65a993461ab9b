//! Finding: the query as asked first, then stretched step by step until something is found.

mod rows;

use std::sync::{Arc, OnceLock};

use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocAddress, DocSet, Searcher, TantivyError};

use super::Hits;
use super::analysis::Analyser;
use super::clause::{Clause, PartsScore, Said, Scored, Sets, best, matching, ranked, rescore};
use super::collect::{self, Categories, Found, Passages};
use super::index::{Fields, Zone};
use super::plan::{MANY, Plan, Relaxation, Wanted};
use super::query::{Query, parse};
use super::query_cache::QueryCache;
use super::ranking::Weights;
use crate::model::{DocNo, MatchSection, QueryNote, Relaxed, SectionCount, TicketFilter, TreeNode};
use rows::Rows;

/// One state of the index with what is needed to ask it.
pub struct Finder<'a> {
    /// The index.
    pub searcher: &'a Searcher,
    /// Its fields.
    pub fields: &'a Fields,
    /// The analyser that made its terms.
    pub analyser: &'a Analyser,
    /// What decides the order.
    pub weights: &'a Weights,
    /// What was decided on queries before.
    pub cache: &'a QueryCache<ResolvedQuery>,
    /// The categories of its entries.
    pub categories: &'a Categories,
    /// Those that are passages.
    pub passages: &'a Passages,
}

/// What a query matches, decided once for rows, counts and exports.
struct Match {
    /// What was asked at the step that finds everything, and what it finds.
    wanted: Wanted,
    sets: Sets,
    /// The narrower steps that found something, narrowest first: their rows come first.
    narrower: Vec<(Wanted, Sets)>,
    relaxation: Relaxation,
    relaxed: Option<Relaxed>,
}

/// What was decided on a query: the same for its rows and its counts, which are asked for apart.
#[derive(Default)]
pub struct ResolvedQuery {
    /// The query that was decided on: as asked, or without its facts and quotation marks.
    tree: Query,
    /// Whether it says nothing at all.
    empty: bool,
    matched: Option<Match>,
    /// What finds something when nothing matches.
    last: Option<Last>,
    /// What of the query had to be left out to find anything.
    dropped: Vec<String>,
    notes: Vec<QueryNote>,
    /// Counted when somebody wants them.
    counts: OnceLock<Vec<TreeNode>>,
}

/// What the narrowest of the last resorts finds.
struct Last {
    resort: Resort,
    /// The best.
    found: Vec<Found>,
    /// How many there are in all.
    total: usize,
}

/// The last resorts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Resort {
    /// The ranking in which no word must be.
    Ranking,
    /// Single characters and first letters.
    Characters,
}

impl<'a> Finder<'a> {
    fn plan(&self, query: Query, filter: &TicketFilter) -> Plan<'a> {
        let words = (self.analyser, &self.weights.words);
        Plan::new(query, filter, words, self.searcher, self.fields)
    }

    fn settled(
        &self,
        query: Query,
        filter: &TicketFilter,
    ) -> tantivy::Result<(ResolvedQuery, Plan<'a>)> {
        let plan = self.plan(query.clone(), filter);
        let matched = if plan.empty {
            None
        } else {
            self.matched(&plan)?
        };
        let last = match &matched {
            Some(_) => None,
            None => self.last(&plan)?,
        };
        let resolved = ResolvedQuery {
            tree: query,
            empty: plan.empty,
            matched,
            last,
            notes: plan.notes.clone(),
            ..ResolvedQuery::default()
        };
        Ok((resolved, plan))
    }

    /// A query as asked or, if that finds nothing at all, without its facts and quotation marks;
    /// with its plan, if it was made just now.
    fn loosened(
        &self,
        query: &str,
        filter: &TicketFilter,
    ) -> tantivy::Result<(Arc<ResolvedQuery>, Option<Plan<'a>>)> {
        let generation = self.searcher.generation().generation_id();
        let mut made = None;
        let mut decide = || {
            let tree = parse(query);
            let loose = tree.loosened();
            let (asked, plan) = self.settled(tree, filter)?;
            let finds = asked.empty || asked.matched.is_some() || asked.last.is_some();
            let (resolved, plan) = match loose {
                Some((loose, dropped)) if !finds => {
                    let (mut found, plan) = self.settled(loose, filter)?;
                    (found.notes, found.dropped) = (asked.notes, dropped);
                    (found, plan)
                }
                Some(_) | None => (asked, plan),
            };
            made = Some(plan);
            Ok::<_, TantivyError>(resolved)
        };
        // With the dictionary, words are others.
        let resolved = if self.analyser.is_ready() {
            self.cache.get(generation, query, filter, decide)?
        } else {
            Arc::new(decide()?)
        };
        Ok((resolved, made))
    }

    /// The narrowest of the last resorts that finds something.
    fn last(&self, plan: &Plan<'_>) -> tantivy::Result<Option<Last>> {
        for resort in [Resort::Ranking, Resort::Characters] {
            let (found, total) = match resort {
                Resort::Ranking => self.ranking(plan, self.weights.budget.ranked)?,
                Resort::Characters => {
                    self.flat(plan, &plan.characters(), self.weights.budget.ranked)?
                }
            };
            let found = self.hits(found)?;
            if total > 0 {
                return Ok(Some(Last {
                    resort,
                    found,
                    total,
                }));
            }
        }
        Ok(None)
    }

    /// The best by the words of a query of which none must be; and how many have any.
    fn ranking(&self, plan: &Plan<'_>, limit: usize) -> tantivy::Result<(Vec<Scored>, usize)> {
        let (mut scored, total) = self.flat(
            plan,
            &plan.ranking()?,
            limit.max(self.weights.budget.rescored),
        )?;
        self.rescore(plan, &mut scored, limit)?;
        Ok((scored, total))
    }

    /// The best by some clauses of which none must be, under everything else that is asked; and
    /// how many there are.
    fn flat(
        &self,
        plan: &Plan<'_>,
        clauses: &[Clause],
        limit: usize,
    ) -> tantivy::Result<(Vec<Scored>, usize)> {
        let among = plan.beside();
        let among = among.map(|clause| matching(self.searcher, &clause, None));
        let among = among.transpose()?;
        ranked(self.searcher, clauses, among.as_ref(), limit)
    }

    /// Scored entries as hits.
    fn hits(&self, scored: Vec<Scored>) -> tantivy::Result<Vec<Found>> {
        collect::hits(self.searcher, scored, self.weights.rescoring.passage)
    }

    /// Looks at the best closely, part by part, and keeps so many. Those beyond the budget of
    /// rescoring stay below them, in the order of retrieval.
    fn rescore(
        &self,
        plan: &Plan<'_>,
        scored: &mut Vec<Scored>,
        limit: usize,
    ) -> tantivy::Result<()> {
        let weights = &self.weights.rescoring;
        let words = plan.rescored(weights.pair);
        let said = words.iter().map(|(term, weight)| Said {
            term,
            weight: *weight,
        });
        let said: Vec<Said<'_>> = said.collect();
        let parts = vec![
            (Zone::Title, weights.title),
            (Zone::Ask, weights.ask),
            (Zone::Answer, weights.answer),
        ];
        let parts = PartsScore::new(self.searcher, parts, weights.k1, weights.b)?;
        let best = scored.len().min(self.weights.budget.rescored);
        let (best, beyond) = scored.split_at_mut(best);
        rescore(self.searcher, best, &said, &parts, weights.retrieval)?;
        let least = best.last().map_or(0.0, |(score, _)| *score);
        let most = beyond.first().map_or(0.0, |(score, _)| *score);
        for (score, _) in beyond {
            *score *= least / most.max(f32::EPSILON);
        }
        scored.truncate(limit);
        Ok(())
    }

    /// The ranking of a query: what has all its words, what has them spelled otherwise, what has
    /// some of them.
    pub fn find(&self, query: &str, filter: &TicketFilter, limit: usize) -> tantivy::Result<Hits> {
        let (settled, made) = self.loosened(query, filter)?;
        let mut hits = Hits {
            notes: settled.notes.clone(),
            ..Hits::default()
        };
        if settled.empty {
            return Ok(hits);
        }
        let plan = &made.unwrap_or_else(|| self.plan(settled.tree.clone(), filter));
        let mut rows = Rows::new(limit, settled.dropped.clone());
        let (matched, last) = (settled.matched.as_ref(), settled.last.as_ref());
        let all = matched.filter(|matched| matched.relaxed.is_none());
        let mut partial = 0;
        if self.is_question(plan) {
            partial = self.partial(plan, all, last, &mut rows)?;
        }
        self.matches(matched, plan, &mut rows)?;
        self.relaxations(matched, plan, &mut rows)?;
        if !rows.filled() && plan.is_divisible() && !self.is_question(plan) {
            partial = self.partial(plan, all, last, &mut rows)?;
        }
        if let (true, Some(last)) = (rows.hits.is_empty(), &settled.last)
            && last.resort == Resort::Characters
        {
            for found in last.found.iter().take(limit) {
                rows.push(found.clone(), relaxed(Relaxation::Fuzzy));
            }
        }
        let ranked = self.weights.budget.ranked;
        (hits.total, hits.more) = match (&settled.matched, &settled.last) {
            (Some(matched), _) => (matched.sets.len(), false),
            // Of a ranking the best stand for all.
            (None, Some(last)) => (last.total.min(ranked), last.total >= ranked),
            (None, None) => (0, false),
        };
        if rows.asked() == 0 {
            hits.relaxed = rows.hits.first().and_then(|hit| hit.relaxed.clone());
        }
        // Where something had to be left out, nothing has all of the query.
        let all = all.filter(|_| settled.dropped.is_empty());
        let all = all.map_or(0, |matched| matched.sets.len());
        let partial = match all {
            0 => partial.max(hits.total),
            all => partial.saturating_sub(all).max(rows.relaxed()),
        };
        hits.sections = sections(all, partial, ranked);
        hits.hits = rows.in_sections();
        Ok(hits)
    }

    /// Everything that matches as asked; else the narrowest step that finds something; `None`
    /// when only a ranking without some words does.
    ///
    /// Synonyms and what carries no ticket up count as asked, but only while there are few.
    fn matched(&self, plan: &Plan<'_>) -> tantivy::Result<Option<Match>> {
        let mut matched: Option<Match> = None;
        for relaxation in [
            Relaxation::Literal,
            Relaxation::Synonyms,
            Relaxation::Rest,
            Relaxation::Pinyin,
            Relaxation::Fuzzy,
        ] {
            if matched.is_some() && relaxed(relaxation).is_some() {
                break;
            }
            let Some(wanted) = plan.conjunction(relaxation)? else {
                break;
            };
            let sets = matching(self.searcher, &wanted.musts, None)?;
            let count = sets.len();
            if count > 0 {
                let narrower = matched.map_or_else(Vec::new, |matched| {
                    let mut narrower = matched.narrower;
                    narrower.push((matched.wanted, matched.sets));
                    narrower
                });
                matched = Some(Match {
                    wanted,
                    sets,
                    narrower,
                    relaxation,
                    relaxed: relaxed(relaxation),
                });
            }
            let settled = count > 0 && self.is_question(plan);
            if settled || count >= self.weights.budget.enough || plan.units.is_empty() {
                break;
            }
        }
        Ok(matched)
    }

    /// Rows of what matches.
    fn matches(
        &self,
        matched: Option<&Match>,
        plan: &Plan<'_>,
        rows: &mut Rows,
    ) -> tantivy::Result<()> {
        let Some(matched) = matched.filter(|_| rows.asked() < rows.limit) else {
            return Ok(());
        };
        let narrower = matched.narrower.iter().map(|(wanted, sets)| (wanted, sets));
        for (wanted, sets) in narrower.chain([(&matched.wanted, &matched.sets)]) {
            let scored = self.best(plan, wanted, sets, rows.limit)?;
            for found in self.hits(scored)? {
                rows.push(found, matched.relaxed.clone());
            }
        }
        Ok(())
    }

    /// Rows of what is spelled otherwise, while there are few.
    fn relaxations(
        &self,
        matched: Option<&Match>,
        plan: &Plan<'_>,
        rows: &mut Rows,
    ) -> tantivy::Result<()> {
        for relaxation in [Relaxation::Pinyin, Relaxation::Fuzzy] {
            // Without a match these were tried; beyond theirs there is more.
            let tried = matched.is_none_or(|matched| matched.relaxation >= relaxation);
            let full = rows.hits.len() >= rows.limit.min(self.weights.budget.enough);
            if full || plan.units.is_empty() || tried {
                continue;
            }
            if let Some(wanted) = plan.conjunction(relaxation)? {
                let sets = matching(self.searcher, &wanted.musts, None)?;
                let scored = self.top(&wanted, Vec::new(), &sets, rows.limit)?;
                for found in self.hits(scored)? {
                    rows.push(found, relaxed(relaxation));
                }
            }
        }
        Ok(())
    }

    /// The best hits of what matches.
    fn best(
        &self,
        plan: &Plan<'_>,
        wanted: &Wanted,
        sets: &Sets,
        limit: usize,
    ) -> tantivy::Result<Vec<Scored>> {
        if sets.len() < MANY {
            let mut scored = self.top(
                wanted,
                Vec::new(),
                sets,
                limit.max(self.weights.budget.rescored),
            )?;
            self.rescore(plan, &mut scored, limit)?;
            return Ok(scored);
        }
        // Among very many, the words are too common for it to matter who says them, and whoever
        // has one in the title is above those who do not: only the best of these are looked at, or the
        // last that came in.
        let begun = plan.begun_titles();
        let titles = plan.titles();
        let titles: Vec<Clause> = titles.into_iter().chain(begun.iter().cloned()).collect();
        let (titled, _) = ranked(
            self.searcher,
            &titles,
            Some(sets),
            self.weights.budget.titled,
        )?;
        if titled.len() >= limit {
            let titled = Sets::at(&titled, self.searcher);
            return self.top(wanted, begun, &titled, limit);
        }
        self.top(wanted, Vec::new(), &sets.last(MANY), limit)
    }

    /// The best of some documents by what is wanted of them and what lifts them up beside.
    fn top(
        &self,
        wanted: &Wanted,
        mut beside: Vec<Clause>,
        sets: &Sets,
        limit: usize,
    ) -> tantivy::Result<Vec<Scored>> {
        beside.extend(wanted.shoulds.iter().cloned());
        best(self.searcher, &wanted.musts, &beside, sets, limit)
    }

    /// Whether a query is a question: its ranking decides among what has all its words, too.
    fn is_question(&self, plan: &Plan<'_>) -> bool {
        plan.required().len() >= self.weights.budget.question
    }

    /// Rows of what matches in part, in the order of the ranking: each says what it has not, if it
    /// is none of those that have all. How many have any of the words.
    fn partial(
        &self,
        plan: &Plan<'_>,
        all: Option<&Match>,
        last: Option<&Last>,
        rows: &mut Rows,
    ) -> tantivy::Result<usize> {
        let (found, total) = match last {
            Some(last)
                if last.resort == Resort::Ranking && rows.limit <= self.weights.budget.ranked =>
            {
                let found = last.found.iter().take(rows.limit).cloned();
                (found.collect(), last.total)
            }
            _ => {
                let (scored, total) = self.ranking(plan, rows.limit)?;
                (self.hits(scored)?, total)
            }
        };
        let missing = self.missing(&found, &plan.required())?;
        for (found, missing) in found.into_iter().zip(missing) {
            let mut dropped: Vec<String> = Vec::new();
            for unit in missing.into_iter().filter_map(|at| plan.units.get(at)) {
                if !dropped.contains(&unit.word.text) {
                    dropped.push(unit.word.text.clone());
                }
            }
            let has_all = all.is_some_and(|all| all.sets.has(found.address));
            let relaxed = (!dropped.is_empty() && !has_all).then(|| Relaxed {
                kind: "dropped".to_owned(),
                dropped,
            });
            rows.push(found, relaxed);
        }
        Ok(total)
    }

    /// Which required words are not in which of some hits.
    fn missing(
        &self,
        found: &[Found],
        required: &[(usize, Vec<String>)],
    ) -> tantivy::Result<Vec<Vec<usize>>> {
        let entries: Vec<DocAddress> = found.iter().map(|found| found.address).collect();
        let mut missing: Vec<Vec<usize>> = vec![Vec::new(); found.len()];
        for (unit, terms) in required {
            for text in terms {
                let single = text.chars().count() == 1 && !text.is_ascii();
                let field = if single {
                    self.fields.edge
                } else {
                    self.fields.all
                };
                let having = self.having(field, text, &entries)?;
                for (missing, having) in missing.iter_mut().zip(having) {
                    if !having && !missing.contains(unit) {
                        missing.push(*unit);
                    }
                }
            }
        }
        Ok(missing)
    }

    /// Which of some entries have a term in a field.
    fn having(
        &self,
        field: Field,
        text: &str,
        entries: &[DocAddress],
    ) -> tantivy::Result<Vec<bool>> {
        let term = Term::from_field_text(field, text);
        let mut order: Vec<(DocAddress, usize)> = entries.iter().copied().zip(0..).collect();
        order.sort_unstable();
        let mut having = vec![false; entries.len()];
        let mut segment = None;
        let mut postings = None;
        for (address, at) in order {
            if segment != Some(address.segment_ord) {
                segment = Some(address.segment_ord);
                let reader = self.searcher.segment_reader(address.segment_ord);
                let inverted = reader.inverted_index(field)?;
                postings = inverted.read_postings(&term, IndexRecordOption::Basic)?;
            }
            let there = postings.as_mut().is_some_and(|postings| {
                let doc = postings.doc();
                doc == address.doc_id
                    || (doc < address.doc_id && postings.seek(address.doc_id) == address.doc_id)
            });
            if let Some(having) = having.get_mut(at) {
                *having = there;
            }
        }
        Ok(having)
    }

    /// The category tree of what matches.
    pub fn counts(&self, query: &str, filter: &TicketFilter) -> tantivy::Result<Vec<TreeNode>> {
        let mut filter = filter.clone();
        filter.category = None;
        let (settled, _) = self.loosened(query, &filter)?;
        if let Some(counts) = settled.counts.get() {
            return Ok(counts.clone());
        }
        let counts = match (&settled.matched, &settled.last) {
            (Some(matched), _) => self.categories.tree(self.searcher, &matched.sets)?,
            (None, Some(last)) => collect::tree_of(self.searcher, &last.found)?,
            (None, None) => Vec::new(),
        };
        Ok(settled.counts.get_or_init(|| counts).clone())
    }

    /// The numbers of what matches. Facts of the query always hold: whoever takes all of it in
    /// hand means these.
    pub fn matching(&self, query: &str, filter: &TicketFilter) -> tantivy::Result<Vec<DocNo>> {
        let (settled, _) = self.settled(parse(query), filter)?;
        if let Some(matched) = settled.matched {
            return collect::numbers(self.searcher, &matched.sets);
        }
        let last = settled.last.filter(|last| last.resort == Resort::Ranking);
        let found = last.map(|last| last.found).unwrap_or_default();
        let mut numbers: Vec<DocNo> = found.iter().map(|found| found.hit.doc).collect();
        numbers.sort_unstable();
        numbers.dedup();
        Ok(numbers)
    }
}

/// The counts of the sections that have anything; of a long ranking the best stand for all.
fn sections(all: usize, partial: usize, ranked: usize) -> Vec<SectionCount> {
    let count = |section, count: usize, most: usize| SectionCount {
        section,
        count: count.min(most),
        more: count > most,
    };
    let mut counts = vec![
        count(MatchSection::All, all, usize::MAX),
        count(MatchSection::Part, partial, ranked),
    ];
    counts.retain(|section| section.count > 0);
    counts
}

fn relaxed(relaxation: Relaxation) -> Option<Relaxed> {
    let kind = match relaxation {
        Relaxation::Literal | Relaxation::Synonyms | Relaxation::Rest => return None,
        Relaxation::Pinyin => "pinyin",
        Relaxation::Fuzzy => "fuzzy",
    };
    Some(Relaxed {
        kind: kind.to_owned(),
        dropped: Vec::new(),
    })
}
