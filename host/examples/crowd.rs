//! Makes a data directory with many accounts and lambdas, for measurements: see `scripts/figures.sh`.
//!
//! ```sh
//! cargo run --release --package lambkin-host --example crowd -- DATA ACCOUNTS LAMBDAS_PER_ACCOUNT
//! ```

#![forbid(unsafe_code)]

use anyhow::Context as _;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> anyhow::Result<()> {
    const USAGE: &str = "usage: crowd DATA ACCOUNTS LAMBDAS_PER_ACCOUNT";
    let mut arguments = std::env::args_os().skip(1);
    let data = arguments.next().context(USAGE)?;
    let mut number = || arguments.next()?.to_str()?.parse().ok();
    let (accounts, lambdas) = (number().context(USAGE)?, number().context(USAGE)?);
    lambkin_host::crowd(data.as_ref(), accounts, lambdas)
        .map_err(|error| anyhow::anyhow!("{}", error.message))
}
