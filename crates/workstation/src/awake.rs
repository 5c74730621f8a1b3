use std::time::Duration;

/// Time that runs on while the machine sleeps: whoever closes the lid over a signed-in window finds it locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Awake(Duration);

impl Awake {
    /// Now.
    pub fn now() -> Self {
        #[cfg(target_os = "linux")]
        {
            let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
            Self(Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0)))
        }
        // Elsewhere the wall's clock, which a person may set: an idle time that seems negative counts as over.
        #[cfg(not(target_os = "linux"))]
        {
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            Self(now.unwrap_or_default())
        }
    }

    /// Whether more than `limit` lies between this and `now`, or time went back.
    pub fn is_over(self, now: Self, limit: Duration) -> bool {
        now.0.checked_sub(self.0).is_none_or(|idle| idle > limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sleep_counts_as_idle_time_and_a_clock_that_was_set_back_ends_a_session() {
        let (seen, limit) = (Awake(Duration::from_secs(1000)), Duration::from_secs(900));
        assert!(!seen.is_over(Awake(Duration::from_secs(1900)), limit));
        assert!(seen.is_over(Awake(Duration::from_secs(1901)), limit));
        assert!(seen.is_over(Awake(Duration::from_secs(999)), limit));
    }

    /// The clock is the one that counts suspended time: it is never behind the one that does not.
    #[cfg(target_os = "linux")]
    #[test]
    fn the_clock_counts_suspended_time() {
        let text = std::fs::read_to_string("/proc/uptime").expect("uptime");
        let uptime: f64 = text.split(' ').next().and_then(|t| t.parse().ok()).expect("seconds");
        assert!((Awake::now().0.as_secs_f64() - uptime).abs() < 2.0);
    }
}
