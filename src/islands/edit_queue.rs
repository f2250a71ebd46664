//! The queue of edits that the server has not confirmed yet: one line for each, in order.
//!
//! It is kept in the browser's storage, so that it survives the page. Edits for which the storage
//! is full or denied are kept in memory, after those that are stored.

/// Where the queue outlives the page.
pub trait QueueStorage {
    /// The stored lines; empty when there are none, or the storage cannot be read.
    fn read(&self) -> String;
    /// Whether the lines were stored in place of the previous ones.
    fn write(&self, lines: &str) -> bool;
}

/// The edits in order, each a line that ends with a line break.
pub struct EditQueue<S> {
    storage: S,
    /// The lines that could not be stored; they follow the stored ones.
    unstored: String,
}

impl<S: QueueStorage> EditQueue<S> {
    /// A queue with what is stored.
    pub const fn new(storage: S) -> Self {
        EditQueue { storage, unstored: String::new() }
    }

    /// All lines.
    pub fn lines(&self) -> String {
        [self.storage.read().as_str(), &self.unstored].concat()
    }

    /// Whether some edits are lost with the page.
    pub fn is_volatile(&self) -> bool {
        !self.unstored.is_empty()
    }

    /// Appends an edit.
    pub fn push(&mut self, line: &str) {
        self.unstored.push_str(line);
        self.unstored.push('\n');
        self.store_all();
    }

    /// Puts an edit before all others.
    pub fn push_first(&mut self, line: &str) {
        let lines = [line, "\n", &self.lines()].concat();
        if self.storage.write(&lines) {
            self.unstored.clear();
        } else {
            // The stored edits would be sent first.
            self.storage.write("");
            self.unstored = lines;
        }
    }

    /// Removes the first edit.
    pub fn remove_first(&mut self) {
        let stored = self.storage.read();
        match stored.split_once('\n') {
            // Fewer lines fit where more did.
            Some((_, rest)) => {
                self.storage.write(rest);
            }
            None => {
                if let Some((_, rest)) = self.unstored.split_once('\n') {
                    self.unstored = rest.to_owned();
                }
            }
        }
        self.store_all();
    }

    /// Removes all edits.
    pub fn clear(&mut self) {
        self.unstored.clear();
        self.storage.write("");
    }

    fn store_all(&mut self) {
        if !self.unstored.is_empty() && self.storage.write(&self.lines()) {
            self.unstored.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    /// A storage with room for some bytes.
    struct Limited {
        room: usize,
        stored: RefCell<String>,
    }

    impl QueueStorage for &Limited {
        fn read(&self) -> String {
            self.stored.borrow().clone()
        }

        fn write(&self, lines: &str) -> bool {
            let fits = lines.len() <= self.room;
            if fits {
                lines.clone_into(&mut self.stored.borrow_mut());
            }
            fits
        }
    }

    fn with_room(room: usize) -> Limited {
        Limited { room, stored: RefCell::default() }
    }

    #[test]
    fn edits_are_kept_in_order_whatever_the_storage_takes() {
        // A denied storage, a full one, one with room for an edit or for some, and a large one.
        for room in [0, 1, 6, 13, 1_000] {
            let storage = with_room(room);
            let mut queue = EditQueue::new(&storage);
            for edit in ["move 1", "move 2", "move 3"] {
                queue.push(edit);
            }
            assert_eq!(queue.lines(), "move 1\nmove 2\nmove 3\n", "{room}");
            assert_eq!(queue.is_volatile(), room < 21, "{room}");
            queue.remove_first();
            assert_eq!(queue.lines(), "move 2\nmove 3\n", "{room}");
            queue.push_first("move 0");
            assert_eq!(queue.lines(), "move 0\nmove 2\nmove 3\n", "{room}");
            for left in ["move 2\nmove 3\n", "move 3\n", "", ""] {
                queue.remove_first();
                assert_eq!(queue.lines(), left, "{room}");
            }
            queue.push("move 4");
            queue.clear();
            assert_eq!((queue.lines().as_str(), queue.is_volatile()), ("", false), "{room}");
        }
    }

    #[test]
    fn what_fits_outlives_the_page_and_the_rest_is_stored_once_there_is_room() {
        let storage = with_room(14);
        let mut queue = EditQueue::new(&storage);
        for edit in ["move 1", "move 2", "move 3"] {
            queue.push(edit);
        }
        assert!(queue.is_volatile());
        assert_eq!(EditQueue::new(&storage).lines(), "move 1\nmove 2\n");
        queue.remove_first();
        assert!(!queue.is_volatile());
        assert_eq!(EditQueue::new(&storage).lines(), "move 2\nmove 3\n");
    }

    #[test]
    fn edits_of_another_tab_are_kept() {
        let storage = with_room(1_000);
        let (mut queue, mut other) = (EditQueue::new(&storage), EditQueue::new(&storage));
        queue.push("move 1");
        other.push("move 2");
        queue.push("move 3");
        assert_eq!(other.lines(), "move 1\nmove 2\nmove 3\n");
    }
}
