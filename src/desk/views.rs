//! Saved views: a query with its filter under a name, of one person or of the team.

use std::sync::Arc;

use super::actor::Actor;
use super::writer::ActBuilder;
use super::writer::Writer;
use crate::api::{ActDone, BadView, DeskError, ViewEdit, ViewName, ViewRow};
use crate::model::{Author, Change, Key, Op, View};
use crate::store::NamedView;
use crate::store::Store;

/// Characters of a name at most: more than any tab shows.
const LONGEST: usize = 40;

/// Saved views.
pub(super) struct Views {
    pub(super) store: Arc<Store>,
    pub(super) writer: Arc<Writer>,
}

impl Views {
    /// The team's views, then the agent's own, each in the order of their tabs.
    pub(super) fn views(&self, who: &Author) -> Vec<ViewRow> {
        let mut views = self.store.views();
        let own = Some(who.voter());
        views.retain(|known| known.view.owner.is_none() || known.view.owner == own);
        sort(&mut views);
        views
            .into_iter()
            .map(|known| ViewRow {
                name: known.view.title(&known.name).to_owned(),
                team: known.view.owner.is_none(),
                query: known.view.query,
                filter: known.view.filter,
            })
            .collect()
    }

    pub(super) fn edit_view(&self, who: &Actor, edit: &ViewEdit) -> Result<ActDone, DeskError> {
        let writing = self.writer.write();
        let mut act = ActBuilder::new(who);
        match edit {
            ViewEdit::Save {
                name,
                query,
                filter,
            } => {
                let title = tidy(&name.name)?;
                let shelf = self.shelf(who, name.team);
                let known = shelf.iter().find(|known| known.title() == title);
                let last = shelf.iter().map(|known| known.view.place).max();
                let view = View {
                    query: crate::text::sanitize::one_line(query).trim().to_owned(),
                    filter: filter.clone(),
                    place: known.map_or(last.map_or(0, |last| last + 1), |k| k.view.place),
                    owner: owner(who, name.team),
                };
                let from = known.map(|known| known.view.clone());
                self.put_view(&mut act, &view.key(&title), from, Some(view.clone()))?;
            }
            ViewEdit::Rename { name, to } => {
                let (known, to) = (self.known_view(who, name)?, tidy(to)?);
                let taken = self.shelf(who, name.team);
                if taken.iter().any(|other| other.title() == to) {
                    return Err(bad_view(&to, BadView::Taken));
                }
                let view = known.view;
                self.put_view(&mut act, &known.name, Some(view.clone()), None)?;
                self.put_view(&mut act, &view.key(&to), None, Some(view.clone()))?;
            }
            ViewEdit::Drop { name } => {
                let known = self.known_view(who, name)?;
                self.put_view(&mut act, &known.name, Some(known.view), None)?;
            }
            ViewEdit::Move { name, to } => {
                let moved = self.known_view(who, name)?;
                let mut shelf = self.shelf(who, name.team);
                shelf.retain(|known| known.name != moved.name);
                shelf.insert((*to).min(shelf.len()), moved);
                for (known, place) in shelf.into_iter().zip(0..) {
                    let to = View {
                        place,
                        ..known.view.clone()
                    };
                    self.put_view(&mut act, &known.name, Some(known.view), Some(to))?;
                }
            }
        }
        self.writer.finish(&writing, act)
    }

    /// Adds a change of a view to an act, unless it changes nothing.
    fn put_view(
        &self,
        act: &mut ActBuilder<'_>,
        key: &str,
        from: Option<View>,
        to: Option<View>,
    ) -> Result<(), DeskError> {
        if from == to {
            return Ok(());
        }
        let key = Key::View(key.to_owned());
        let revision = self.store.revision(&key)?;
        act.add(key, Some(revision), Op::View(Change { from, to }));
        Ok(())
    }

    /// The views of the team, or of the agent, in the order of their tabs.
    fn shelf(&self, who: &Actor, team: bool) -> Vec<NamedView> {
        let mut views = self.store.views();
        views.retain(|known| known.view.owner == owner(who, team));
        sort(&mut views);
        views
    }

    fn known_view(&self, who: &Actor, name: &ViewName) -> Result<NamedView, DeskError> {
        let shelf = self.shelf(who, name.team);
        let known = shelf.into_iter().find(|known| known.title() == name.name);
        known.ok_or_else(|| DeskError::UnknownView {
            name: name.name.clone(),
        })
    }
}

fn sort(views: &mut [NamedView]) {
    views.sort_by(|a, b| {
        (a.view.owner, a.view.place, &a.name).cmp(&(b.view.owner, b.view.place, &b.name))
    });
}

fn owner(who: &Actor, team: bool) -> Option<u32> {
    (!team).then(|| who.author.voter())
}

fn tidy(name: &str) -> Result<String, DeskError> {
    let name = crate::text::sanitize::one_line(name).trim().to_owned();
    if name.is_empty() {
        return Err(bad_view(&name, BadView::Empty));
    }
    if name.chars().count() > LONGEST {
        return Err(bad_view(&name, BadView::TooLong));
    }
    // How the key of a person's own view begins.
    if name.starts_with('~') {
        return Err(bad_view(&name, BadView::BeginsWithTilde));
    }
    Ok(name)
}

fn bad_view(name: &str, why: BadView) -> DeskError {
    DeskError::BadView {
        name: name.to_owned(),
        why,
    }
}
