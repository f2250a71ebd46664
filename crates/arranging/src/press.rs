//! When a press becomes a drag. A drag never begins by accident: a mouse has to go a little way, a finger has to stay where it is for a
//! moment, unless it is on the handle, which is for nothing else.

/// How far a mouse, a pen, or a finger on a handle goes before a drag begins, in pixels.
const START: i32 = 5;
/// How far a finger that waits may slip, in pixels: more is scrolling.
const SLIP: i32 = 9;
/// How long a finger waits on a heading, in milliseconds.
pub const LONG: i32 = 400;

/// A spot in the window, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// From the left.
    pub x: i32,
    /// From the top.
    pub y: i32,
}

impl Spot {
    /// Whether another spot is further away than so many pixels.
    pub fn is_further(self, other: Spot, than: i32) -> bool {
        let (x, y) = (other.x - self.x, other.y - self.y);
        x * x + y * y > than * than
    }
}

/// Something presses on a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Press {
    /// Where it began.
    pub at: Spot,
    /// Whether it must last before the card comes along.
    pub must_last: bool,
}

/// What becomes of a press.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing yet.
    Wait,
    /// The card comes along.
    Lift,
    /// It is something else: the card stays.
    Leave,
}

impl Press {
    /// What presses has moved.
    pub fn moved(self, to: Spot) -> Verdict {
        match self.must_last {
            true if self.at.is_further(to, SLIP) => Verdict::Leave,
            false if self.at.is_further(to, START) => Verdict::Lift,
            _ => Verdict::Wait,
        }
    }

    /// The time of a long press is over.
    pub fn lasted(self) -> Verdict {
        if self.must_last { Verdict::Lift } else { Verdict::Wait }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Spot = Spot { x: 100, y: 100 };

    fn moved(must_last: bool, x: i32, y: i32) -> Verdict {
        Press { at: AT, must_last }.moved(Spot { x: 100 + x, y: 100 + y })
    }

    #[test]
    fn a_mouse_lifts_a_card_once_it_has_gone_a_little_way() {
        assert_eq!(moved(false, 3, 3), Verdict::Wait);
        assert_eq!(moved(false, -4, 4), Verdict::Lift);
        assert_eq!(moved(false, 0, 6), Verdict::Lift);
        assert_eq!(Press { at: AT, must_last: false }.lasted(), Verdict::Wait);
    }

    #[test]
    fn a_finger_lifts_a_card_when_it_stays_and_scrolls_when_it_does_not() {
        assert_eq!(moved(true, 0, 6), Verdict::Wait);
        assert_eq!(moved(true, 0, 12), Verdict::Leave);
        assert_eq!(moved(true, 30, 0), Verdict::Leave);
        assert_eq!(Press { at: AT, must_last: true }.lasted(), Verdict::Lift);
    }
}
