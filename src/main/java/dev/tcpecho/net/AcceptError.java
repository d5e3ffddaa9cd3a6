package dev.tcpecho.net;

import io.netty.channel.unix.Errors;
import io.netty.util.internal.PlatformDependent;

/**
 * Why accept() fails, for whoever has to do something about it. The kernel's number decides, accept(2) says what it
 * means; NIO gives words alone, in the language of the machine, and so nothing to go by.
 */
public enum AcceptError {
    /** EMFILE. */
    PROCESS_FILES("this process may open no more files: raise its descriptor limit or lower max-connections"),
    /** ENFILE. */
    SYSTEM_FILES("this machine may open no more files, by any process: raise the sysctl fs.file-max"),
    /** ENOBUFS, ENOMEM. */
    MEMORY(
            "the kernel has no memory for it: look at the memory limit of the container and the sysctl net.ipv4.tcp_mem"),
    /** EPERM, EACCES. */
    FORBIDDEN("a rule of the firewall, a seccomp profile or a security module forbids it"),
    /** ECONNABORTED. */
    CLIENT_GONE("the client had gone before it was accepted"),
    /** Any other number, or none. */
    OTHER("");

    private static final int ENFILE = -23;
    private static final int EMFILE = -24;
    private static final int EPERM = -1;
    private static final int EACCES = -13;
    private static final int ENOMEM = -12;
    private static final int ENOBUFS = PlatformDependent.isOsx() ? -55 : -105;
    private static final int ECONNABORTED = PlatformDependent.isOsx() ? -53 : -103;

    private final String advice;

    AcceptError(String advice) {
        this.advice = advice;
    }

    /** What is behind it and what to do; empty where only the words of the cause are known. */
    public String advice() {
        return advice;
    }

    public static AcceptError of(Throwable cause) {
        if (!(cause instanceof Errors.NativeIoException error)) {
            return OTHER;
        }
        int number = error.expectedErr();
        if (number == EMFILE) {
            return PROCESS_FILES;
        }
        if (number == ENFILE) {
            return SYSTEM_FILES;
        }
        if (number == ENOBUFS || number == ENOMEM) {
            return MEMORY;
        }
        if (number == EPERM || number == EACCES) {
            return FORBIDDEN;
        }
        return number == ECONNABORTED ? CLIENT_GONE : OTHER;
    }
}
