//! Thể thức of NĐ 30/2020/NĐ-CP Phụ lục I: composes official documents and registers to PDF.
//!
//! A [`Composer`] turns an [`OfficialDocument`], a [`RegisterSheet`], a [`HandlingSlip`] or an [`ArrivalStamp`] into a tagged PDF/A file
//! and tells where number, date and signature stand; an [`OfficialDocument`] becomes an editable DOCX too. [`Body::parse`] reads what officers write, [`read_decision_markdown`] splits a whole pasted decision.
//! [`reading::read_pdf`] goes the other way: from a PDF with a text layer to number, date, agency, kind, subject, signer and recipients.

mod blocks;
mod body;
mod composer;
mod copy;
mod dates;
mod decision;
mod document;
mod docx;
mod envelope;
mod error;
mod form;
mod mail;
mod pieces;
mod places;
pub mod reading;
mod register;
mod slip;
mod submission;
mod text;
mod view;

pub use body::{Block, Body, Rank, Span};
pub use composer::{Composed, Composer, FontFile, SerifFonts};
pub use copy::{CopyBlock, ElectronicExtract, ExtractedPart};
pub use dates::{blank_day, day_in_words, number_and_symbol};
pub use decision::{ParsedDecision, ParsedPart, read_decision_markdown};
pub use document::{
    HeadingSize, Issuer, Kind, OfficialDocument, Part, PartKind, Reference, SignatureBlock, Urgency,
};
pub use envelope::{Envelope, EnvelopeSize};
pub use error::Error;
pub use form::{Form, Introduction, Invitation, Leave, Minutes, Telegram};
pub use mail::MailPrint;
pub use places::{Blank, Blanks, Place, Places};
pub use register::{RegisterBook, RegisterSheet};
pub use slip::{ArrivalStamp, HandlingSlip, SlipEntry};
pub use submission::{SubmissionRound, SubmissionSlip};
