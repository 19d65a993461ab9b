//! The store as its users see it.

mod annotating;
mod importing;
mod kit;
mod lasting;
mod older;
mod random;
mod speed;
