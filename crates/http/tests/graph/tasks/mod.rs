//! Every built-in task, through the API against the local directory: what it does, what it leaves alone, what it refuses.

mod access_packages;
mod account;
mod attributes;
mod came;
mod custom_texts;
mod every;
mod extension;
mod groups;
mod licenses;
mod mail_texts;
mod mails;
mod overtaken;
mod sign_in;
mod sponsorships;
mod teams;
mod templates;
mod world;
