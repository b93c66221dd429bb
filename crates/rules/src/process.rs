//! Quy trình nội bộ xử lý văn bản đến (QC01-12): each agency decides its own, as data with a day from which it holds.
//!
//! A process is **closed**: it begins with the reception, every step has somebody responsible, everything that may be done at
//! a step leads to a step that is there, and from every step there is a way to the end. [`closed::faults`] proves it or says
//! which path does not end.

mod closed;
mod standing;
mod steps;
#[cfg(test)]
mod tests;

pub use closed::{Fault, accept, faults};
pub use standing::{Standing, StepPlace, allows, stage_of, standing};
pub use steps::{Process, Stage, Step, standard};
