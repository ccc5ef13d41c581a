//! The `roomcast` binary.

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;
use server::cli::{self, Exit};
use server::config::{Args, Command, ServeArgs, Sources};
use server::{Ground, Listener, Reload};

/// Freed memory goes back to the system after many clients have left, and threads do not share one heap.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let args = Args::parse();
    let outcome = match args.command {
        Some(Command::Serve(flags)) => serve(flags).map(fine),
        Some(Command::Bench(args)) => server::bench::run(&args).map(fine).map_err(Into::into),
        Some(Command::Config(args)) => return args.run(),
        Some(Command::Token(args)) => cli::token::run(&args).map_err(Into::into),
        Some(Command::Probe(args)) => cli::probe::run(&args).map_err(Into::into),
        Some(Command::Doctor(args)) => cli::doctor::run(&args).map_err(Into::into),
        Some(Command::Backup(args)) => cli::backup::run(&args).map_err(Into::into),
        Some(Command::Completions(args)) => cli::completions::run(&args).map_err(Into::into),
        Some(Command::Openapi(args)) => cli::openapi::run(&args).map_err(Into::into),
        Some(Command::Version(args)) => cli::version::run(&args).map_err(Into::into),
        None => serve(args.serve).map(fine),
    };
    match outcome {
        Ok(exit) => exit.into(),
        Err(error) => {
            eprintln!("roomcast: {}", server::explained(&[&*error]));
            ExitCode::FAILURE
        }
    }
}

fn fine((): ()) -> Exit {
    Exit::Fine
}

#[tokio::main]
async fn serve(flags: ServeArgs) -> Result<(), Box<dyn Error>> {
    let sources = Sources::from(flags);
    let (settings, config) = sources.read()?;
    let reload = Reload::new(sources, settings, &config)?;
    server::log::start(&config)?;
    let files = server::raise_limit();
    let ground = Ground::take(&config).await?;
    let listeners = Listener::bind_all(&config.listen)?;
    let banner = server::banner(&config, &listeners);
    let signal = server::shutdown::signal()?;
    // Awaited once everything serves: what is printed then is true.
    let signal = async move {
        println!("{banner}");
        if let Some(files) = files {
            println!("  files   {files}: the number of clients is a little below");
        }
        signal.await;
    };
    Ok(server::run(config, ground, Some(reload), listeners, signal).await?)
}
