//! `…/userProcessingResults`: the twelve methods of seed-surface §3, under workflow and run, deleted or not.

mod create;
mod delete;
mod get;
mod list;
mod subject;
mod summary;
mod task_processing_results;
mod update;
