//! When a press becomes a drag. To prevent accidental drags, a mouse has to move a few pixels, and
//! a finger has to rest for a moment, except on the handle, which has no other use.

/// The distance that a mouse, a pen, or a finger on a handle moves before a drag starts, in pixels.
const DRAG_DISTANCE: i32 = 5;
/// The distance that a finger may move during a long press, in pixels; more is scrolling.
const SLIP_DISTANCE: i32 = 9;
/// The duration of a long press on a heading, in milliseconds.
pub const LONG_PRESS_MS: i32 = 400;

/// A point in the window, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    pub x: i32,
    pub y: i32,
}

impl Point {
    /// Whether another point is more than `than` pixels away.
    pub fn is_further(self, other: Point, than: i32) -> bool {
        let (x, y) = (other.x - self.x, other.y - self.y);
        x * x + y * y > than * than
    }
}

/// A press on a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Press {
    pub at: Point,
    /// Whether the press has to last before the drag starts.
    pub is_long_press: bool,
}

/// The outcome of a press.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PressOutcome {
    Wait,
    Lift,
    /// Something other than a drag.
    Abandon,
}

impl Press {
    /// After a movement of the pointer.
    pub fn moved(self, to: Point) -> PressOutcome {
        match self.is_long_press {
            true if self.at.is_further(to, SLIP_DISTANCE) => PressOutcome::Abandon,
            false if self.at.is_further(to, DRAG_DISTANCE) => PressOutcome::Lift,
            _ => PressOutcome::Wait,
        }
    }

    /// After [`LONG_PRESS_MS`].
    pub fn lasted(self) -> PressOutcome {
        if self.is_long_press { PressOutcome::Lift } else { PressOutcome::Wait }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Point = Point { x: 100, y: 100 };

    fn moved(is_long_press: bool, x: i32, y: i32) -> PressOutcome {
        Press { at: AT, is_long_press }.moved(Point { x: 100 + x, y: 100 + y })
    }

    #[test]
    fn a_mouse_starts_a_drag_after_a_few_pixels() {
        assert_eq!(moved(false, 3, 3), PressOutcome::Wait);
        assert_eq!(moved(false, -4, 4), PressOutcome::Lift);
        assert_eq!(moved(false, 0, 6), PressOutcome::Lift);
        assert_eq!(Press { at: AT, is_long_press: false }.lasted(), PressOutcome::Wait);
    }

    #[test]
    fn a_resting_finger_starts_a_drag_and_a_moving_one_scrolls() {
        assert_eq!(moved(true, 0, 6), PressOutcome::Wait);
        assert_eq!(moved(true, 0, 12), PressOutcome::Abandon);
        assert_eq!(moved(true, 30, 0), PressOutcome::Abandon);
        assert_eq!(Press { at: AT, is_long_press: true }.lasted(), PressOutcome::Lift);
    }
}
