//! Sound requests with a few bytes flipped, put in, taken out or doubled. The same every time: what is found can be found again.

use super::wire::Request;

/// Numbers that look like chance. Source: Steele, Lea and Flood, *Fast splittable pseudorandom number generators*, 2014 (SplitMix64).
#[derive(Clone, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n.max(1) as u64).unwrap()
    }
}

/// What is put in beside single bytes.
const WORDS: &[&[u8]] = &[
    b"\"",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"null",
    b"true",
    b"-",
    b"1e999",
    b"0",
    b"\0",
    b"\xff",
    b"\xc3",
    b"%",
    b"%00",
    b"%ff",
    b"%2f",
    b"..",
    b"/",
    b"?",
    b"&",
    b"=",
    b"\n",
    b"\r\n",
    b"\xe2\x80\xae",
    b"\xf0\x9f\x9a\x80",
    b"'",
    b"(",
    b"*",
    b"~",
    b"^",
    b"\x1b",
];

/// A request with some bytes of its body or of its address altered.
pub(crate) fn mutant(sound: &Request, chance: &mut Chance) -> Request {
    let n_edits = 1 + chance.below(4);
    let mut request = sound.clone();
    // A body says more than an address.
    if !request.body.is_empty() && chance.below(4) > 0 {
        for _ in 0..n_edits {
            edit(&mut request.body, chance);
        }
    } else {
        let mut target = request.target.split_off(1);
        for _ in 0..n_edits {
            edit(&mut target, chance);
        }
        request.target.extend(target.iter().flat_map(|byte| encoded(*byte)));
    }
    request
}

fn edit(bytes: &mut Vec<u8>, chance: &mut Chance) {
    let at = chance.below(bytes.len() + 1);
    let end = (at + 1 + chance.below(8)).min(bytes.len());
    match chance.below(6) {
        0 if at < bytes.len() => bytes[at] ^= 1 << chance.below(8),
        1 if at < bytes.len() => bytes[at] = chance.next().to_le_bytes()[0],
        2 => drop(bytes.drain(at..end)),
        3 => {
            let doubled = bytes[at..end].to_vec();
            bytes.splice(at..at, doubled);
        }
        4 => bytes.insert(at, chance.next().to_le_bytes()[0]),
        _ => {
            let word = WORDS[chance.below(WORDS.len())];
            bytes.splice(at..at, word.iter().copied());
        }
    }
}

/// A byte as an address may hold it: what HTTP does not let through is percent-encoded, so that it reaches the routes.
fn encoded(byte: u8) -> Vec<u8> {
    if byte.is_ascii_graphic() && !b"\"#<>\\^`{|}".contains(&byte) {
        vec![byte]
    } else {
        format!("%{byte:02x}").into_bytes()
    }
}
