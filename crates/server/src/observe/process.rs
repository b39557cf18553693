//! What the system says of this process. Source: proc(5); elsewhere than on Linux nothing is told.

/// Figures of the process; each where the system tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Process {
    /// Resident memory in bytes: private memory, and of mapped files what lies in memory, which the system takes back at will.
    pub(crate) resident_bytes: Option<u64>,
    /// Of which private.
    pub(crate) private_bytes: Option<u64>,
    /// Threads.
    pub(crate) threads: Option<u64>,
    /// Open files and sockets.
    pub(crate) open_files: Option<u64>,
}

impl Process {
    /// The figures now.
    pub(crate) fn now() -> Process {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let open_files = std::fs::read_dir("/proc/self/fd").ok().map(|files| files.count() as u64);
        Process { open_files, ..Process::of_status(&status) }
    }

    fn of_status(status: &str) -> Process {
        let field = |name: &str| -> Option<u64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim_start_matches(':').split_whitespace().next()?.parse().ok()
        };
        let bytes = |name: &str| field(name).and_then(|kilobytes| kilobytes.checked_mul(1024));
        Process {
            resident_bytes: bytes("VmRSS"),
            private_bytes: bytes("RssAnon"),
            threads: field("Threads"),
            open_files: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Process;

    #[test]
    fn a_status_is_read() {
        let process = Process::of_status("Name:\tx\nVmRSS:\t    2048 kB\nRssAnon:\t1024 kB\nThreads:\t7\n");
        assert_eq!((process.resident_bytes, process.private_bytes), (Some(2 << 20), Some(1 << 20)));
        assert_eq!(process.threads, Some(7));
        assert_eq!(Process::of_status("nothing of the kind"), Process::default());
    }
}
