//! Columns aligned by display width.

use super::style::{Line, Style};

/// Blank columns between two cells.
const GAP: usize = 2;

/// The narrowest a flexible column becomes.
const NARROWEST: usize = 12;

/// Rows under headings.
///
/// One column gives way when a terminal is too narrow; the last column is not padded.
#[derive(Debug, Clone)]
pub struct Table {
    head: Vec<Line>,
    rows: Vec<Vec<Line>>,
    flexible: usize,
}

impl Table {
    /// A table with these headings, whose column `flexible` (from 0) gives way.
    pub fn new(headings: &[&str], flexible: usize) -> Self {
        Self {
            head: headings
                .iter()
                .map(|heading| Line::styled(Style::Faint, heading))
                .collect(),
            rows: Vec::new(),
            flexible,
        }
    }

    /// Adds a row; it has as many cells as there are headings.
    pub fn row(&mut self, cells: Vec<Line>) {
        self.rows.push(cells);
    }

    /// The lines of the table within `columns`; `None` = as wide as it needs to be.
    pub fn lines(self, columns: Option<usize>) -> Vec<Line> {
        if self.rows.is_empty() {
            return Vec::new();
        }
        let widths = self.widths(columns);
        std::iter::once(self.head)
            .chain(self.rows)
            .map(|cells| lay_out(cells, &widths))
            .collect()
    }

    fn widths(&self, columns: Option<usize>) -> Vec<usize> {
        let mut widths: Vec<usize> = self.head.iter().map(Line::width).collect();
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width());
            }
        }
        let total = widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
        if let (Some(columns), Some(flexible)) = (columns, widths.get_mut(self.flexible)) {
            let over = total.saturating_sub(columns);
            *flexible = flexible.saturating_sub(over).max(NARROWEST.min(*flexible));
        }
        widths
    }
}

fn lay_out(cells: Vec<Line>, widths: &[usize]) -> Line {
    let last = cells.len().saturating_sub(1);
    let mut line = Line::default();
    for (at, (cell, width)) in cells.into_iter().zip(widths).enumerate() {
        let cell = cell.cut(*width);
        let pad = width.saturating_sub(cell.width()) + GAP;
        line = line.join(cell);
        if at < last {
            line = line.and(" ".repeat(pad));
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::super::style::Colour;
    use super::*;

    fn rendered(columns: Option<usize>) -> Vec<String> {
        let mut table = Table::new(&["ID", "标题", "类别"], 1);
        table.row(
            ["k7q2md", "更换证书一直显示处理中", "CDN"]
                .map(Line::plain)
                .to_vec(),
        );
        table.row(["0a1b2c", "SSL", "对象存储"].map(Line::plain).to_vec());
        table
            .lines(columns)
            .iter()
            .map(|line| line.render(Colour::Off))
            .collect()
    }

    #[test]
    fn columns_stand_under_each_other_by_display_width() {
        assert_eq!(
            rendered(None),
            [
                "ID      标题                    类别",
                "k7q2md  更换证书一直显示处理中  CDN",
                "0a1b2c  SSL                     对象存储",
            ]
        );
    }

    #[test]
    fn a_narrow_terminal_shortens_the_flexible_column_only() {
        assert_eq!(
            rendered(Some(32)),
            [
                "ID      标题            类别",
                "k7q2md  更换证书一直…   CDN",
                "0a1b2c  SSL             对象存储",
            ]
        );
    }
}
