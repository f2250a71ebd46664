//! Values that are derived from the catalogue.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::OnceCell;
use voordeur_engine::Catalogue;

/// Derives each value once for a catalogue, however many ask for it at the same time. A new
/// catalogue replaces all values, so there are never more than one catalogue has.
pub struct SnapshotCache<K, V>(Mutex<Snapshot<K, V>>);

struct Snapshot<K, V> {
    of: Weak<Catalogue>,
    values: HashMap<K, Arc<OnceCell<Arc<V>>>>,
}

impl<K, V> Default for SnapshotCache<K, V> {
    fn default() -> Self {
        SnapshotCache(Mutex::new(Snapshot { of: Weak::new(), values: HashMap::new() }))
    }
}

impl<K: Eq + Hash, V> SnapshotCache<K, V> {
    /// The value of a key. It is derived unless it is known; others that ask meanwhile wait.
    ///
    /// # Errors
    /// That of `derive`; nothing is kept then, and the next request tries again.
    pub async fn get<E>(
        &self,
        catalogue: &Arc<Catalogue>,
        key: K,
        derive: impl AsyncFnOnce() -> Result<V, E>,
    ) -> Result<Arc<V>, E> {
        let value = self.value(catalogue, key);
        let derived = value.get_or_try_init(|| async { derive().await.map(Arc::new) }).await;
        derived.map(Arc::clone)
    }

    fn value(&self, catalogue: &Arc<Catalogue>, key: K) -> Arc<OnceCell<Arc<V>>> {
        let mut snapshot = self.snapshot();
        if !std::ptr::eq(snapshot.of.as_ptr(), Arc::as_ptr(catalogue)) {
            *snapshot = Snapshot { of: Arc::downgrade(catalogue), values: HashMap::new() };
        }
        Arc::clone(snapshot.values.entry(key).or_default())
    }

    /// Nothing under this lock can panic halfway through a change, so poison is ignored.
    fn snapshot(&self) -> MutexGuard<'_, Snapshot<K, V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test]
    async fn a_value_is_derived_once_for_each_catalogue_and_key() {
        let cache: SnapshotCache<u8, u32> = SnapshotCache::default();
        let derived = Cell::new(0);
        let derive = async || {
            tokio::task::yield_now().await;
            derived.set(derived.get() + 1);
            Ok::<_, ()>(derived.get())
        };
        let catalogues = [(); 2].map(|()| Arc::new(Catalogue::embedded().0));
        let [first, second] = &catalogues;
        let (one, same) = tokio::join!(cache.get(first, 1, derive), cache.get(first, 1, derive));
        assert_eq!((one, same), (Ok(Arc::new(1)), Ok(Arc::new(1))));
        assert_eq!(cache.get(first, 2, derive).await, Ok(Arc::new(2)));
        assert_eq!(cache.get(first, 1, derive).await, Ok(Arc::new(1)));
        assert_eq!(cache.get(second, 1, derive).await, Ok(Arc::new(3)));
        assert_eq!(cache.snapshot().values.len(), 1);
    }

    #[tokio::test]
    async fn a_failure_is_not_kept() {
        let cache: SnapshotCache<u8, u32> = SnapshotCache::default();
        let catalogue = Arc::new(Catalogue::embedded().0);
        assert_eq!(cache.get(&catalogue, 1, async || Err("late")).await, Err("late"));
        assert_eq!(cache.get(&catalogue, 1, async || Ok::<_, &str>(7)).await, Ok(Arc::new(7)));
    }
}
