//! Hệ thống quản lý văn bản và điều hành: the application.
//!
//! Each module is a room of the office. Everything that changes anything is an act and goes the same way; see
//! `docs/architecture.md`.

pub mod access;
pub mod act_names;
pub mod administration;
mod agency_settings;
pub mod api;
pub mod calendar;
pub mod commands;
mod confined;
pub mod context;
pub mod delegations;
pub mod desk;
pub mod directory;
pub mod documents;
pub mod error;
pub mod exchange;
pub mod finding;
pub mod health;
pub mod incoming;
pub mod links;
pub mod notices;
#[cfg(test)]
mod numbers_killed;
pub mod organization;
pub mod outgoing;
pub mod processes;
pub mod registers;
pub mod reports;
pub mod routes;
pub mod settings;
pub mod sign_in;
pub mod signing;
pub mod slips;
pub mod testing;
mod turns;
pub mod vault;
pub mod web;
