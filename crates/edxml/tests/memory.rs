//! A message of 75 MB needs a few MB of memory, read or written. Measured in a process of its own.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    fs,
    io::{self, BufReader, Read},
    process::{Command, Stdio},
};

use edxml::{
    Discard, Message, ReadOptions,
    model::{Attachment, DocumentMessage},
    read, write,
};

const MB: u64 = 1024 * 1024;
/// Two files: one goes as it is, one is packed.
const FILES: [(&str, u64); 2] = [("van-ban.pdf", 36 * MB), ("so-lieu.xlsx", 20 * MB)];
/// Beside what the process has anyway.
const MOST: u64 = 24 * MB;

/// Bytes that cannot be packed.
struct Noise(u64);

impl Read for Noise {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        for piece in buffer.chunks_mut(8) {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            piece.copy_from_slice(&self.0.to_le_bytes()[..piece.len()]);
        }
        Ok(buffer.len())
    }
}

fn large() -> Message {
    Message::Document(Box::new(DocumentMessage {
        document_id: Some("H16.05,2022/10/03,1/SVD".to_owned()),
        attachments: FILES
            .iter()
            .map(|(name, _)| Attachment {
                name: Some((*name).to_owned()),
                ..Attachment::default()
            })
            .collect(),
        ..DocumentMessage::default()
    }))
}

fn write_large(out: impl io::Write) {
    let mut open = |place: usize, _: &Attachment| -> io::Result<Box<dyn Read>> {
        Ok(Box::new(Noise(place as u64 + 1).take(FILES[place].1)))
    };
    write(&large(), &mut open, out).unwrap();
}

/// The most memory that this process ever had, in bytes.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

/// Not a test by itself: what the process of the test below does.
#[test]
#[ignore = "started by edxml_19_large_messages_need_little_memory"]
fn child() {
    let before = peak();
    match std::env::var("EDXML_MEMORY").as_deref() {
        Ok("write") => write_large(io::sink()),
        Ok("read") => {
            let received = read(BufReader::new(io::stdin()), &ReadOptions::default(), &mut Discard).unwrap();
            let sizes: Vec<u64> = received
                .message
                .as_document()
                .unwrap()
                .attachments
                .iter()
                .map(|file| file.content.as_ref().unwrap().size)
                .collect();
            assert_eq!(sizes, FILES.map(|(_, size)| size));
        }
        _ => return,
    }
    println!("peak {}", peak() - before);
}

#[test]
fn edxml_19_large_messages_need_little_memory() {
    for mode in ["write", "read"] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child", "--ignored", "--nocapture"])
            .env("EDXML_MEMORY", mode)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdin = child.stdin.take().unwrap();
        if mode == "read" {
            write_large(io::BufWriter::with_capacity(64 * 1024, stdin));
        } else {
            drop(stdin);
        }
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).unwrap();
        let at = text.find("peak ").unwrap() + "peak ".len();
        let grown: u64 = text[at..].split_whitespace().next().unwrap().parse().unwrap();
        println!("{mode}: {} KB more than before", grown / 1024);
        assert!(grown < MOST, "{mode}: {grown} bytes");
    }
}
