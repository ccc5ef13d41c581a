//! How many files, and so how many clients, the process may have open.

/// Raises the limit as far as the system lets us, and says what it is then. Most systems start programs with room
/// for a thousand, which is a thousand clients.
///
/// `None` where it cannot be found out; then it stays as it is.
#[must_use]
pub fn raise_limit() -> Option<u64> {
    rlimit::increase_nofile_limit(u64::MAX).ok()
}
