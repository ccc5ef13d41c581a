//! The lock of the send path, replaced by a model checker's under `--cfg roomcast_model`.

#[cfg(not(roomcast_model))]
pub(crate) use parking_lot::Mutex;

#[cfg(roomcast_model)]
pub(crate) use model::Mutex;

#[cfg(roomcast_model)]
mod model {
    /// `loom`'s mutex with the signature of the real one.
    #[derive(Debug)]
    pub(crate) struct Mutex<T>(loom::sync::Mutex<T>);

    impl<T> Mutex<T> {
        pub(crate) fn new(value: T) -> Self {
            Self(loom::sync::Mutex::new(value))
        }

        pub(crate) fn lock(&self) -> loom::sync::MutexGuard<'_, T> {
            self.0
                .lock()
                .expect("no thread panics while it holds the lock")
        }
    }
}
