//! The honest report of an import.

use std::collections::BTreeMap;

use super::merge::Counts;
use crate::api::{ImportFile, ImportReport, ImportWarning, MaskCount, MaskPlace};
use crate::ingest::FileReport;

/// Replies that must hold a contact before it is proposed for the allow-list.
const PROPOSED: usize = 3;

/// Gathers what the files told.
pub(super) struct ReportBuilder {
    report: ImportReport,
    masked: BTreeMap<(String, String), usize>,
    contacts: BTreeMap<String, usize>,
    list_masks: bool,
}

impl ReportBuilder {
    pub(super) fn new(dataset: String, list_masks: bool) -> Self {
        Self {
            report: ImportReport {
                dataset,
                ..ImportReport::default()
            },
            masked: BTreeMap::new(),
            contacts: BTreeMap::new(),
            list_masks,
        }
    }

    pub(super) fn file(&mut self, file: &str, told: FileReport) {
        self.report.files += 1;
        self.report.failed += usize::from(told.refused);
        self.report.by_file.push(ImportFile {
            file: file.to_owned(),
            tickets: told.tickets,
            articles: told.articles,
        });
        for warning in told.warnings {
            self.report.warnings.push(ImportWarning {
                file: file.to_owned(),
                line: warning.line,
                kind: warning.kind.name().to_owned(),
                values: warning.values,
            });
        }
        for (class, side, count) in told.masked {
            let key = (class.name().to_owned(), side.name().to_owned());
            *self.masked.entry(key).or_default() += count;
        }
        if self.list_masks {
            self.report
                .places
                .extend(told.places.into_iter().map(|place| MaskPlace {
                    file: file.to_owned(),
                    line: place.line,
                    class: place.class.name().to_owned(),
                    side: place.side.name().to_owned(),
                }));
        }
        for (contact, replies) in told.contacts {
            *self.contacts.entry(contact).or_default() += replies as usize;
        }
    }

    pub(super) fn finish(self, counts: &Counts, seconds: f64, cancelled: bool) -> ImportReport {
        let masked = self.masked.into_iter();
        let contacts = self.contacts.into_iter();
        ImportReport {
            tickets: counts.tickets,
            new: counts.new,
            updated: counts.updated,
            unchanged: counts.unchanged,
            articles: counts.articles,
            passages: counts.passages,
            sample_removed: counts.sample_removed,
            seconds,
            cancelled,
            masked: masked
                .map(|((class, side), count)| MaskCount { class, side, count })
                .collect(),
            proposed_contacts: contacts
                .filter(|(_, replies)| *replies >= PROPOSED)
                .map(|(contact, _)| contact)
                .collect(),
            ..self.report
        }
    }
}
