//! Figures of a ranking over many queries.

/// Sums over queries.
#[derive(Default)]
pub struct Figures {
    queries: usize,
    reciprocal: f64,
    gain: f64,
    recall: f64,
}

impl Figures {
    /// Adds one query: the rows found, best first, and the relevant ones.
    pub fn add(&mut self, rows: &[usize], relevant: &[usize]) {
        let rows = &rows[..rows.len().min(10)];
        let discount = |rank: usize| 1.0 / ((rank + 2) as f64).log2();
        let hits: Vec<usize> = rows
            .iter()
            .enumerate()
            .filter(|(_, row)| relevant.contains(row))
            .map(|(rank, _)| rank)
            .collect();
        self.queries += 1;
        self.reciprocal += hits.first().map_or(0.0, |rank| 1.0 / (rank + 1) as f64);
        let gain: f64 = hits.iter().map(|rank| discount(*rank)).sum();
        let best: f64 = (0..relevant.len().min(10)).map(discount).sum();
        self.gain += if best > 0.0 { gain / best } else { 0.0 };
        self.recall += hits.len() as f64 / relevant.len().clamp(1, 10) as f64;
    }

    /// Prints the means.
    pub fn print(&self, name: &str) {
        let n = self.queries.max(1) as f64;
        println!(
            "{name:<14} {:>5} {:>8.3} {:>8.3} {:>9.3}",
            self.queries,
            self.reciprocal / n,
            self.gain / n,
            self.recall / n
        );
    }
}

/// Prints a heading for [`Figures::print`].
pub fn heading(name: &str) {
    println!("\n{name:<16} n   MRR@10  nDCG@10 recall@10");
}
