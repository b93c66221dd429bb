//! Writes the documents of the attack tests to a folder, for trying other programs on them.
//!
//! `cargo run -p pdf-signature --example make_attacks -- FOLDER`

#[path = "../tests/attacks/mod.rs"]
mod attacks;

use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: make_attacks FOLDER");
        std::process::exit(2);
    };
    std::fs::create_dir_all(&folder)?;
    let mut written = 0;
    for form in attacks::base::Form::ALL {
        let name = form.name();
        std::fs::write(
            folder.join(format!("unsigned.{name}.pdf")),
            attacks::base::document(form),
        )?;
        for benign in attacks::benign(form) {
            std::fs::write(
                folder.join(format!("benign.{}.{name}.pdf", benign.name)),
                benign.pdf,
            )?;
            written += 1;
        }
        for attack in attacks::attacks(form) {
            let file = format!("attack.{}.{}.{name}.pdf", attack.class, attack.name);
            std::fs::write(folder.join(file), attack.pdf)?;
            written += 1;
        }
    }
    println!("{written} files in {}", folder.display());
    Ok(())
}
