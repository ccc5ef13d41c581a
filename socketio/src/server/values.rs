//! Values of the application, one per type.

use std::any::{Any, TypeId};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use parking_lot::Mutex;

type Value = Arc<dyn Any + Send + Sync>;

/// A few values by their type; a search is faster than a hash for so few.
#[derive(Debug, Default)]
pub(crate) struct Values(
    /// Only looked up under the lock: nothing of the application's is called or dropped.
    Mutex<Vec<(TypeId, Value)>>,
);

impl Clone for Values {
    fn clone(&self) -> Self {
        Self(Mutex::new(self.0.lock().clone()))
    }
}

impl Values {
    pub(crate) fn find<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        let values = self.0.lock();
        let found = values.iter().find(|(id, _)| *id == TypeId::of::<T>());
        let value = found.map(|(_, value)| Arc::clone(value));
        drop(values);
        value?.downcast().ok()
    }

    /// Stores a value; the previous one of the same type comes back.
    pub(crate) fn insert<T: Any + Send + Sync>(&self, value: T) -> Option<Arc<T>> {
        let (id, value): (_, Value) = (TypeId::of::<T>(), Arc::new(value));
        let mut values = self.0.lock();
        let previous = match values.iter_mut().find(|(stored, _)| *stored == id) {
            Some((_, stored)) => Some(std::mem::replace(stored, value)),
            None => {
                values.push((id, value));
                None
            }
        };
        drop(values);
        previous?.downcast().ok()
    }

    /// Drops all values; one whose destructor panics takes nothing else with it.
    pub(crate) fn clear(&self) {
        let values = std::mem::take(&mut *self.0.lock());
        for (_, value) in values {
            if catch_unwind(AssertUnwindSafe(|| drop(value))).is_err() {
                tracing::error!("destructor of a stored value panicked");
            }
        }
    }
}
