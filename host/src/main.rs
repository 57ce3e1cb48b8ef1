//! The `lambkin` command. Everything it does is in [`cli`], one file per verb; what it serves is the library
//! of the same package.

#![forbid(unsafe_code)]

mod cli;

/// The system's allocator costs several microseconds per invocation under concurrency; this one does not.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::main()
}
