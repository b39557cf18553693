//! The real binary in a fresh folder: answers, exit statuses, bad input.
//!
//! One module a command; `contract` holds sentence by sentence what the commands promise to scripts.

mod ageing;
mod building;
mod checking;
mod comparing;
mod contract;
mod disk;
mod entities;
mod full;
mod help;
mod hostile;
mod interrupted;
mod keys;
mod killed;
mod listing;
mod lying;
mod published;
mod publisher;
mod screening;
mod serving;
mod starter;
mod support;
mod update;
mod variables;
mod yente_client;
