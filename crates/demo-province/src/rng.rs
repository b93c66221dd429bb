//! A small deterministic generator of numbers, the same on every machine.
//!
//! SplitMix64 (Steele, Lea, Flood 2014), written out here because a library's generator may change between versions
//! and the demo logins in the documentation must not. Not for secrets.

const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// A stream of numbers that depends only on how it was made.
#[derive(Debug, Clone)]
pub(crate) struct Rng(u64);

impl Rng {
    /// A stream for one purpose (`label`) and one thing (`place`) of one seed, independent of all others.
    pub(crate) fn new(seed: u64, label: &str, place: u64) -> Self {
        let mut state = mix(seed ^ GAMMA);
        for byte in label.bytes() {
            state = mix(state ^ u64::from(byte)).wrapping_add(GAMMA);
        }
        Self(mix(state ^ mix(place.wrapping_add(GAMMA))))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GAMMA);
        mix(self.0)
    }

    /// A number in `0..bound`; 0 when `bound` is 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        // The high half of a 128-bit product: no modulo bias worth speaking of, and no platform-sized arithmetic.
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }

    /// A number in `low..=high`.
    pub(crate) fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True in `per_mille` of 1000 cases.
    pub(crate) fn chance(&mut self, per_mille: usize) -> bool {
        self.below(1000) < per_mille
    }

    /// One of `items`, all alike. `items` must not be empty.
    pub(crate) fn pick<'a, T: ?Sized>(&mut self, items: &'a [&'a T]) -> &'a T {
        items[self.below(items.len())]
    }

    /// One of `items` by value, all alike. `items` must not be empty.
    pub(crate) fn one<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    /// One of `items` by weight. `items` must not be empty.
    pub(crate) fn weighted<T: Copy>(&mut self, items: &[(T, usize)]) -> T {
        let total: usize = items.iter().map(|(_, weight)| weight).sum();
        let mut place = self.below(total);
        for &(item, weight) in items {
            if place < weight {
                return item;
            }
            place -= weight;
        }
        items[items.len() - 1].0
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_never_change() {
        let mut rng = Rng::new(2022, "test", 1);
        assert_eq!(
            [rng.below(1000), rng.below(1000), rng.below(1000), rng.below(1000)],
            [319, 782, 743, 422]
        );
    }

    #[test]
    fn streams_of_different_purposes_differ() {
        let draw = |seed, label, place| {
            let mut rng = Rng::new(seed, label, place);
            [rng.below(1 << 30), rng.below(1 << 30)]
        };
        assert_ne!(draw(1, "a", 1), draw(2, "a", 1));
        assert_ne!(draw(1, "a", 1), draw(1, "b", 1));
        assert_ne!(draw(1, "a", 1), draw(1, "a", 2));
    }

    #[test]
    fn numbers_stay_within_their_bounds_and_reach_them() {
        let mut rng = Rng::new(7, "bounds", 0);
        let drawn: Vec<usize> = (0..1000).map(|_| rng.between(3, 6)).collect();
        for expected in 3..=6 {
            assert!(drawn.contains(&expected));
        }
        assert!(drawn.iter().all(|n| (3..=6).contains(n)));
        assert_eq!(rng.below(0), 0);
    }

    #[test]
    fn weights_decide_how_often_an_item_comes() {
        let mut rng = Rng::new(7, "weights", 0);
        let heavy = (0..1000)
            .filter(|_| rng.weighted(&[("a", 9), ("b", 1), ("never", 0)]) == "a")
            .count();
        assert!((850..950).contains(&heavy), "{heavy}");
    }
}
