//! The one binary of Vănthư; see [`vanthu::commands`].

fn main() -> std::process::ExitCode {
    vanthu::commands::main()
}
