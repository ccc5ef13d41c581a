//! The `roomcast` binary.

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;
use server::config::{Args, Command, ServeArgs, Sources};
use server::{Ground, Listener, Reload};

/// Freed memory goes back to the system after many clients have left, and threads do not share one heap.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let args = Args::parse();
    let outcome = match args.command {
        Some(Command::Version) => {
            println!("roomcast {}", env!("CARGO_PKG_VERSION"));
            Ok(())
        }
        Some(Command::Config(args)) => return args.run(),
        Some(Command::Bench(args)) => server::bench::run(&args).map_err(Into::into),
        Some(Command::Serve(flags)) => serve(flags),
        None => serve(args.serve),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("roomcast: {error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn serve(flags: ServeArgs) -> Result<(), Box<dyn Error>> {
    let sources = Sources::from(flags);
    let (settings, config) = sources.read()?;
    let reload = Reload::new(sources, settings)?;
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
