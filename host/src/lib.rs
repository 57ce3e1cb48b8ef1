//! The Lambkin server: lambdas are saved, deployed and invoked over HTTP.
//!
//! ```no_run
//! let options = lambkin_host::ServeOptions::new(([127, 0, 0, 1], 8080).into(), "data");
//! lambkin_host::serve(options, |announcement| eprintln!("{}", announcement.listening))?;
//! # Ok::<(), lambkin_host::HostError>(())
//! ```
//!
//! A call comes in through `server`, is routed by `api`, and an invocation goes the way of `invoke`. What is
//! served is in `registry`; what is precious is in `ledger` on `store`. `host` puts it all together.
//!
//! Invariants: nothing here names the WebAssembly engine (that is `lambkin-runtime`'s), nothing but `store/` names
//! the database, and nothing on the way of an invocation waits for the disk once its lambda is loaded.

#![forbid(unsafe_code)]

mod account_limits;
mod activity;
mod admission;
mod aftermath;
mod api;
mod artifacts;
mod auth;
mod body;
mod client;
mod config;
mod connection;
mod counters;
mod crowd;
mod data;
mod deploy;
mod difference;
mod directory;
mod domain;
mod egress;
mod error;
mod fan_out;
mod host;
mod host_name;
mod housekeeping;
mod invocation;
mod invoke;
mod journal;
mod lambda;
mod ledger;
mod limit_table;
mod loader;
mod logs;
mod loopback;
mod master_key;
mod metrics;
mod oauth;
mod orchestration;
mod rates;
mod records;
mod registry;
mod replay;
mod reply;
mod retention;
mod schedule;
mod scheduler;
mod sealing;
mod secrets;
mod server;
mod settings;
mod snapshot;
mod store;
mod ticker;
mod tls;
mod ui;
mod unread;
mod version;
mod warm;
mod whitelist;

pub use account_limits::AccountLimits;
pub use config::{
    Announcement, BUILT_IN_ACCOUNT, DEV_CLIENT, DEV_CLIENT_SECRET, DEV_TOKEN, DevApp, DevUser, Login,
    ReuseCaps, Roles, ServeOptions,
};
#[doc(hidden)]
pub use crowd::crowd;
pub use egress::{EgressOptions, Proxy, local_egress};
pub use error::HostError;
pub use host_name::{HostName, HostNameError};
pub use limit_table::limit_table;
pub use master_key::SecretKey;
pub use server::serve;
pub use tls::TlsFiles;
