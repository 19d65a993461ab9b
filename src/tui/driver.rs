//! The loop: takes what happened, keys first, and draws when something changed.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, select_biased, unbounded};

use super::app::{App, Link};
use super::msg::{Effect, Msg};
use super::terminal::Screen;
use super::update::update;
use super::workers::Workers;
use super::{Connect, Copier, TuiError, input, outside};
use crate::api::{Desk, DeskError};

/// How long the rows shown may be of an older question before that is said.
const PATIENCE: Duration = Duration::from_millis(400);

/// What the loop holds beside the app.
pub struct Driver {
    screen: Screen,
    keys: Receiver<Msg>,
    news: Receiver<Msg>,
    news_sender: Sender<Msg>,
    links: Receiver<Result<Arc<dyn Desk>, DeskError>>,
    workers: Option<Workers>,
    copier: Option<Copier>,
    memory: Option<PathBuf>,
    gate: input::Gate,
}

impl Driver {
    /// Draws the first frame, then starts to read keys and to connect.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn start(
        mut screen: Screen,
        app: &mut App,
        connect: Connect,
        copier: Copier,
        memory: Option<PathBuf>,
        probe: input::Probe,
    ) -> Result<Self, TuiError> {
        if probe == input::Probe::Asked {
            screen.ask_ambiguous_width().map_err(TuiError::Terminal)?;
        }
        app.size = screen.size().map_err(TuiError::Terminal)?;
        screen.draw(app).map_err(TuiError::Terminal)?;
        let (key_sender, keys) = unbounded();
        let (news_sender, news) = unbounded();
        let (link_sender, links) = unbounded();
        let gate = input::start(&key_sender, probe).map_err(TuiError::Terminal)?;
        thread::spawn(move || {
            // The loop may be over before the desk is there.
            let _ = link_sender.send(connect());
        });
        Ok(Self {
            screen,
            keys,
            news,
            news_sender,
            links,
            workers: None,
            copier: Some(copier),
            memory,
            gate,
        })
    }

    /// Runs until the workbench is over, and every order given was carried out.
    ///
    /// # Errors
    /// When the terminal is gone, or the desk was never there.
    pub fn run(mut self, app: &mut App) -> Result<(), TuiError> {
        let result = self.until_over(app);
        let Self {
            screen,
            workers,
            news,
            ..
        } = self;
        // The agent has the terminal back while the last orders are on their way.
        drop(screen);
        if let Some(workers) = workers {
            workers.finish();
        }
        drop(news);
        result
    }

    fn until_over(&mut self, app: &mut App) -> Result<(), TuiError> {
        while !app.over {
            let first = self.wait(app);
            let repaints = app.repaints;
            self.apply(app, first)?;
            // Everything that waits is taken before one draw.
            while let Some(msg) = self.waiting() {
                self.apply(app, msg)?;
                if app.over {
                    break;
                }
            }
            if repaints != app.repaints {
                self.screen.clear().map_err(TuiError::Terminal)?;
            }
            self.screen.draw(app).map_err(TuiError::Terminal)?;
        }
        Ok(())
    }

    /// Waits for the next message; keys come first. A question that stays open for long is one.
    fn wait(&mut self, app: &App) -> Msg {
        let over = Msg::Terminate;
        let late = match app.list.asked {
            Some(_) if !app.list.is_late() => crossbeam_channel::after(PATIENCE),
            Some(_) | None => crossbeam_channel::never(),
        };
        select_biased! {
            recv(self.keys) -> msg => msg.unwrap_or(over),
            recv(self.links) -> link => match link {
                Ok(link) => self.link(link),
                Err(_) => {
                    // It said all it had to say.
                    self.links = crossbeam_channel::never();
                    self.wait(app)
                }
            },
            recv(self.news) -> msg => msg.unwrap_or(over),
            recv(late) -> _ => Msg::Late(app.list.generation),
        }
    }

    /// The next message that is there already, if any.
    fn waiting(&mut self) -> Option<Msg> {
        if let Ok(key) = self.keys.try_recv() {
            return Some(key);
        }
        if let Ok(link) = self.links.try_recv() {
            return Some(self.link(link));
        }
        self.news.try_recv().ok()
    }

    fn link(&mut self, link: Result<Arc<dyn Desk>, DeskError>) -> Msg {
        let linked = link.map(|desk| {
            if let Some(copier) = self.copier.take() {
                self.workers = Some({
                    let memory = self.memory.take();
                    Workers::start(&desk, copier, memory, &self.news_sender)
                });
            }
        });
        Msg::Linked(linked)
    }

    /// Gives the terminal to an editor until it ends, and takes the text as it left it.
    fn edit_outside(&mut self, app: &mut App, text: &str) -> Result<(), TuiError> {
        let Some(editor) = app.editor.clone() else {
            return Ok(());
        };
        let edited = if self.gate.close() {
            let edited = self.screen.lent(|| outside::edit(&editor, text));
            self.gate.open();
            edited.map_err(TuiError::Terminal)?
        } else {
            Err(io::Error::from(io::ErrorKind::TimedOut))
        };
        app.size = self.screen.size().map_err(TuiError::Terminal)?;
        let msg = Msg::EditedOutside(edited.map_err(|error| error.to_string()));
        self.apply(app, msg)
    }

    fn apply(&mut self, app: &mut App, msg: Msg) -> Result<(), TuiError> {
        for effect in update(app, msg) {
            match (effect, &self.workers) {
                (Effect::Ask(ask), Some(workers)) => workers.ask(ask),
                (Effect::Copy(what), Some(workers)) => workers.copy(what),
                (Effect::Save(order), Some(workers)) => workers.save(order),
                (Effect::Remember(values), Some(workers)) => workers.remember(values),
                // Nothing is asked before there is a desk.
                (
                    Effect::Ask(_) | Effect::Copy(_) | Effect::Save(_) | Effect::Remember(_),
                    None,
                ) => {}
                (Effect::Emit(bytes), _) => {
                    self.screen.emit(&bytes).map_err(TuiError::Terminal)?;
                }
                (Effect::EditOutside(text), _) => self.edit_outside(app, &text)?,
                (Effect::Suspend, _) => {
                    self.screen.suspend().map_err(TuiError::Terminal)?;
                    app.size = self.screen.size().map_err(TuiError::Terminal)?;
                }
            }
        }
        Ok(())
    }
}

/// Ends with the desk's own error when it never was there.
pub fn verdict(app: App) -> Result<(), TuiError> {
    match app.link {
        Link::Failed(error) => Err(TuiError::Desk(error)),
        Link::Connecting | Link::Up => Ok(()),
    }
}
