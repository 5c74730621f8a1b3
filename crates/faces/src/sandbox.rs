//! Walls around a process that works on what strangers made: it computes, reads its input, writes its answers, and
//! reaches nothing else. Landlock takes away files, the network, signals and abstract sockets; seccomp leaves the few
//! system calls that decoding needs, so that even a descriptor which was inherited by accident is of no use.

use std::io;

use serde::Serialize;

/// Memory that the process may have, in bytes.
#[cfg(unix)]
const MEMORY_LIMIT: u64 = 1536 * 1024 * 1024;

/// Limits the memory of this process and keeps it from leaving a core file: it works on what strangers made.
///
/// # Errors
/// When the system refuses.
pub fn limit() -> io::Result<()> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let at_most = |limit| Rlimit { current: Some(limit), maximum: Some(limit) };
        setrlimit(Resource::Data, at_most(MEMORY_LIMIT))?;
        setrlimit(Resource::Core, at_most(0))?;
        setrlimit(Resource::Fsize, at_most(0))?;
    }
    Ok(())
}

/// Which walls are raised. A decoder has both; each alone is for the test that shows what it holds by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Walls {
    /// Landlock and seccomp.
    Both,
    /// Landlock alone.
    Landlock,
    /// Seccomp alone, as on a kernel without Landlock.
    Seccomp,
}

/// What became of an attempt to get out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attempt {
    /// What was tried.
    pub attempt: &'static str,
    /// Whether the system forbade it. Anything else, success or another error, is a hole.
    pub denied: bool,
    /// What the system answered.
    pub answer: String,
}

/// Raises the walls for this thread and all it starts; there is no way back. Files that are needed later must have
/// been read before.
///
/// # Errors
/// Where seccomp cannot be raised. A kernel without Landlock is said in the log, and seccomp stands alone.
pub fn enter(walls: Walls) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        if walls != Walls::Seccomp && !linux::landlock()? {
            tracing::warn!("this kernel has no Landlock: the decoder is confined by seccomp alone");
        }
        if walls != Walls::Landlock {
            linux::seccomp()?;
        }
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = walls;
        tracing::warn!("this system has no sandbox for the decoder yet: only its limits hold");
    }
    Ok(())
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::BTreeMap;
    use std::io;

    use catalogue::say;
    use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetStatus, Scope};
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen as Width, SeccompCmpOp as Is, SeccompCondition, SeccompFilter,
        SeccompRule, TargetArch, apply_filter_all_threads,
    };

    fn refused(error: impl std::fmt::Display) -> io::Error {
        io::Error::other(say!("faces-decoder-cannot-confined", error))
    }

    /// Everything that Landlock handles, and no rule that allows any of it. Whether the kernel has it at all.
    pub fn landlock() -> io::Result<bool> {
        let ruleset = Ruleset::default()
            .handle_access(AccessFs::from_all(ABI::V6))
            .and_then(|r| r.handle_access(AccessNet::from_all(ABI::V6)))
            .and_then(|r| r.scope(Scope::from_all(ABI::V6)))
            .and_then(Ruleset::create)
            .and_then(landlock::RulesetCreated::restrict_self)
            .map_err(refused)?;
        Ok(ruleset.ruleset != RulesetStatus::NotEnforced)
    }

    fn when(conditions: &[(u8, Width, Is, u64)]) -> Result<Vec<SeccompRule>, seccompiler::BackendError> {
        let conditions = conditions
            .iter()
            .map(|(at, width, is, value)| SeccompCondition::new(*at, width.clone(), is.clone(), *value));
        Ok(vec![SeccompRule::new(conditions.collect::<Result<_, _>>()?)?])
    }

    /// What may be asked of the kernel after the walls stand.
    fn allowed() -> Result<BTreeMap<i64, Vec<SeccompRule>>, seccompiler::BackendError> {
        let mut rules: BTreeMap<i64, Vec<SeccompRule>> = BTreeMap::new();
        let plain = [
            // Memory.
            libc::SYS_brk,
            libc::SYS_madvise,
            libc::SYS_mremap,
            libc::SYS_munmap,
            libc::SYS_membarrier,
            // Threads of this process, and waiting.
            libc::SYS_clone3,
            libc::SYS_futex,
            libc::SYS_rseq,
            libc::SYS_set_robust_list,
            libc::SYS_gettid,
            libc::SYS_getpid,
            libc::SYS_getppid,
            libc::SYS_sched_getaffinity,
            libc::SYS_sched_yield,
            libc::SYS_getcpu,
            libc::SYS_clock_gettime,
            libc::SYS_clock_nanosleep,
            libc::SYS_nanosleep,
            libc::SYS_restart_syscall,
            // The end, and signals to itself: an abort is a signal of a thread to its own process.
            libc::SYS_exit,
            libc::SYS_exit_group,
            libc::SYS_rt_sigaction,
            libc::SYS_rt_sigprocmask,
            libc::SYS_rt_sigreturn,
            libc::SYS_sigaltstack,
            // Its pipes.
            libc::SYS_close,
            libc::SYS_fstat,
            libc::SYS_getrandom,
        ];
        rules.extend(plain.map(|call| (call, Vec::new())));
        // Input and answers alone: no descriptor that was left open by whoever started this process.
        for call in [libc::SYS_read, libc::SYS_readv] {
            rules.insert(call, when(&[(0, Width::Dword, Is::Eq, 0)])?);
        }
        for call in [libc::SYS_write, libc::SYS_writev] {
            rules.insert(call, when(&[(0, Width::Dword, Is::Le, 2)])?);
        }
        // Nothing that was data becomes code.
        let executable = Is::MaskedEq(libc::PROT_EXEC as u64);
        for call in [libc::SYS_mmap, libc::SYS_mprotect] {
            rules.insert(call, when(&[(2, Width::Dword, executable.clone(), 0)])?);
        }
        // Threads, never processes.
        let thread = Is::MaskedEq(libc::CLONE_THREAD as u64);
        rules.insert(libc::SYS_clone, when(&[(0, Width::Dword, thread, libc::CLONE_THREAD as u64)])?);
        // Its own limits may be read and not changed.
        rules.insert(libc::SYS_prlimit64, when(&[(0, Width::Dword, Is::Eq, 0), (2, Width::Qword, Is::Eq, 0)])?);
        rules.insert(libc::SYS_prctl, when(&[(0, Width::Dword, Is::Eq, libc::PR_SET_NAME as u64)])?);
        let own = u64::from(std::process::id());
        rules.insert(libc::SYS_tgkill, when(&[(0, Width::Dword, Is::Eq, own)])?);
        Ok(rules)
    }

    /// Every other call is answered with "not permitted".
    pub fn seccomp() -> io::Result<()> {
        let arch = TargetArch::try_from(std::env::consts::ARCH).map_err(refused)?;
        let raise = |rules, other, listed| -> io::Result<()> {
            let filter = SeccompFilter::new(rules, other, listed, arch).map_err(refused)?;
            let program = BpfProgram::try_from(filter).map_err(refused)?;
            apply_filter_all_threads(&program).map_err(refused)
        };
        // The arguments of `clone3` lie in memory, where no filter sees them: it is not there, and what starts a
        // thread uses `clone`, whose flags are seen.
        let absent = BTreeMap::from([(libc::SYS_clone3, Vec::new())]);
        raise(absent, SeccompAction::Allow, SeccompAction::Errno(libc::ENOSYS as u32))?;
        let rules = allowed().map_err(refused)?;
        raise(rules, SeccompAction::Errno(libc::EPERM as u32), SeccompAction::Allow)
    }
}

/// Tries the ways out of this process, each as its own, and says what the system answered. Call it behind the walls.
#[cfg(target_os = "linux")]
pub fn attempts() -> Vec<Attempt> {
    use std::fs::File;
    use std::net::{TcpListener, TcpStream, UdpSocket};
    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::net::{SocketAddr, UnixDatagram, UnixListener, UnixStream};
    use std::os::unix::process::CommandExt;
    use std::process::Command;

    use rustix::process::{Resource, Rlimit, getppid, setrlimit, test_kill_process};

    let tries: Vec<(&'static str, io::Result<()>)> = vec![
        ("read a file", File::open("/etc/passwd").map(drop)),
        ("read this process's memory as a file", File::open("/proc/self/mem").map(drop)),
        ("list a folder", std::fs::read_dir("/").map(drop)),
        ("write a file", File::create(std::env::temp_dir().join("left-behind")).map(drop)),
        ("make a folder", std::fs::create_dir(std::env::temp_dir().join("left-behind.d"))),
        ("connect to this machine", TcpStream::connect(("127.0.0.1", 9)).map(drop)),
        ("listen", TcpListener::bind(("127.0.0.1", 0)).map(drop)),
        (
            "send a datagram",
            UdpSocket::bind(("127.0.0.1", 0)).and_then(|s| s.send_to(b"x", ("127.0.0.1", 9))).map(drop),
        ),
        ("connect to a socket in the file system", UnixStream::connect("/run/dbus/system_bus_socket").map(drop)),
        (
            "connect to an abstract socket",
            SocketAddr::from_abstract_name(b"/tmp/.X11-unix/X0").and_then(|a| UnixStream::connect_addr(&a)).map(drop),
        ),
        ("listen on a socket in the file system", UnixListener::bind(std::env::temp_dir().join("left.sock")).map(drop)),
        ("make a pair of sockets", UnixDatagram::pair().map(drop)),
        ("become another program", Err(Command::new("/bin/true").exec())),
        ("start another program", Command::new("/bin/true").status().map(drop)),
        ("signal the window", getppid().map_or(Ok(()), |parent| test_kill_process(parent).map_err(io::Error::from))),
        (
            "raise its own limits",
            setrlimit(Resource::Data, Rlimit { current: None, maximum: None }).map_err(io::Error::from),
        ),
    ];
    let told = tries.into_iter().map(|(attempt, tried)| Attempt {
        attempt,
        denied: tried.as_ref().is_err_and(|e| e.kind() == io::ErrorKind::PermissionDenied),
        answer: tried.map_or_else(|e| e.to_string(), |()| "it was done".to_owned()),
    });
    told.collect()
}

/// No sandbox stands here yet, so nothing is tried.
#[cfg(not(target_os = "linux"))]
pub fn attempts() -> Vec<Attempt> {
    Vec::new()
}
