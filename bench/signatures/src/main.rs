//! Signing and checking of files of 25 KB, 1 MB and 50 MB: how many per second for every bare operation of the key, and
//! beside pyHanko on the same files in the same run; peak memory of one process. One thread. Absolute numbers are printed
//! for orientation only.
//!
//! `JUDGES_PYTHON=… signature-bench`; `signature-bench sign|verify FOLDER FILE` is the process whose memory is measured.

mod office;
mod pdf;

use std::{
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeyPair,
    signature::{KeyPair as _, RSA_PKCS1_SHA256},
};
use office::Office;
use serde::Deserialize;

/// Rounds of every measurement; the sides take turns in each.
const ROUNDS: usize = 3;
/// How long one measurement runs at least.
const WHILE: Duration = Duration::from_millis(700);
const SIZES: [(&str, usize); 3] = [("25 KB", 25_000), ("1 MB", 1_000_000), ("50 MB", 50_000_000)];

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => compare(),
        [act @ ("sign" | "verify"), folder, file] => once(act, Path::new(folder), Path::new(file)),
        _ => anyhow::bail!("usage: signature-bench [sign|verify FOLDER FILE]"),
    }
}

/// What pyHanko's script answers.
#[derive(Deserialize)]
struct Theirs {
    per_second: f64,
    peak_kilobytes: f64,
}

fn compare() -> anyhow::Result<()> {
    let python =
        std::env::var_os("JUDGES_PYTHON").context("JUDGES_PYTHON is not set: scripts/bench.sh sets it")?;
    let folder = tempfile::tempdir()?;
    let office = Office::new()?;
    office.save(folder.path())?;
    let key = KeyPair::from_pkcs8(office.key()).map_err(|error| anyhow::anyhow!("key: {error}"))?;
    let mut value = vec![0; key.public_modulus_len()];
    ensure!(!key.public_key().as_ref().is_empty(), "no key");
    let random = SystemRandom::new();
    println!("| measured | against | ratio | for orientation |");
    println!("|---|---|---|---|");
    for (label, size) in SIZES {
        let unsigned = pdf::of_size(size);
        let signed = office.sign(&office.sign(&unsigned, "ChuKy1")?, "ChuKy2")?;
        ensure!(office.is_valid(&signed), "{label}: our own check refuses it");
        let (plain, twice) = (folder.path().join("plain.pdf"), folder.path().join("twice.pdf"));
        std::fs::write(&plain, &unsigned)?;
        std::fs::write(&twice, &signed)?;
        let (mut bare, mut signs, mut verifies) = (Vec::new(), Vec::new(), Vec::new());
        let (mut their_signs, mut their_verifies) = (Vec::new(), Vec::new());
        let mut peaks = [0.0; 4];
        for _ in 0..ROUNDS {
            bare.push(rate(|| {
                key.sign(&RSA_PKCS1_SHA256, &random, b"attributes", &mut value)
                    .map_err(|error| anyhow::anyhow!("bare signature: {error}"))
            })?);
            signs.push(rate(|| office.tail(&unsigned, "ChuKy1").map(drop))?);
            verifies.push(rate(|| {
                ensure!(office.is_valid(&signed));
                Ok(())
            })?);
            let sign = theirs(&python, "sign", folder.path(), &plain)?;
            let verify = theirs(&python, "verify", folder.path(), &twice)?;
            their_signs.push(sign.per_second);
            their_verifies.push(verify.per_second);
            let ours = [
                own_peak("sign", folder.path(), &plain)?,
                own_peak("verify", folder.path(), &twice)?,
            ];
            for (peak, seen) in
                peaks
                    .iter_mut()
                    .zip([ours[0], ours[1], sign.peak_kilobytes, verify.peak_kilobytes])
            {
                *peak = f64::max(*peak, seen);
            }
        }
        let bare = median(bare);
        let (signs, verifies) = (median(signs), median(verifies));
        let (their_signs, their_verifies) = (median(their_signs), median(their_verifies));
        for (what, ours, theirs) in [
            ("signed", signs, their_signs),
            ("with two signatures checked", verifies, their_verifies),
        ] {
            line(
                &format!("{label} {what}"),
                "bare RSA-2048 operations",
                ours / bare,
                &rates(ours, bare),
            );
            line(
                &format!("{label} {what}"),
                "pyHanko",
                ours / theirs,
                &rates(ours, theirs),
            );
        }
        for (what, ours, theirs) in [("signing", peaks[0], peaks[2]), ("checking", peaks[1], peaks[3])] {
            let orientation = format!("{:.0} against {:.0} MB", ours / 1024.0, theirs / 1024.0);
            line(
                &format!("peak memory of {what} {label}"),
                "pyHanko",
                ours / theirs,
                &orientation,
            );
        }
    }
    Ok(())
}

/// One act in this process, then its peak memory in kilobytes.
fn once(act: &str, folder: &Path, file: &Path) -> anyhow::Result<()> {
    let office = Office::load(folder)?;
    let pdf = std::fs::read(file)?;
    if act == "sign" {
        let tail = office.tail(&pdf, "ChuKy1")?;
        std::fs::write(folder.join("tail"), tail)?;
    } else {
        ensure!(office.is_valid(&pdf), "not valid");
    }
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    println!("{}", peak.context("no VmHWM")?.trim().trim_end_matches(" kB"));
    Ok(())
}

fn own_peak(act: &str, folder: &Path, file: &Path) -> anyhow::Result<f64> {
    let output = Command::new(std::env::current_exe()?)
        .arg(act)
        .arg(folder)
        .arg(file)
        .output()?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

fn theirs(python: &std::ffi::OsStr, act: &str, folder: &Path, file: &Path) -> anyhow::Result<Theirs> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("pyhanko_rates.py");
    let output = Command::new(python)
        .arg("-W")
        .arg("ignore")
        .arg(script)
        .arg(act)
        .arg(folder)
        .arg(file)
        .output()?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Times per second; at least three times and [`WHILE`].
fn rate(mut act: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<f64> {
    act()?;
    let (begin, mut count) = (Instant::now(), 0_u32);
    while count < 3 || begin.elapsed() < WHILE {
        act()?;
        count += 1;
    }
    Ok(f64::from(count) / begin.elapsed().as_secs_f64())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn rates(ours: f64, theirs: f64) -> String {
    format!("{ours:.1} against {theirs:.1} per second")
}

fn line(measured: &str, against: &str, ratio: f64, orientation: &str) {
    println!("| {measured} | {against} | **{ratio:.2}** | {orientation} |");
}
