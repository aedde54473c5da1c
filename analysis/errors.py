"""The one class that every error for the analyst belongs to, and what the system refused."""

from __future__ import annotations

import errno

# What the system says in its own language; of others the analyst gets the name to ask about.
REASONS = {
    errno.EACCES: "没有写入权限",
    errno.EPERM: "没有写入权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EEXIST: "已有同名的文件",
    errno.EISDIR: "同名的是一个文件夹",
    errno.ENOTDIR: "路径中有一段是文件，不是文件夹",
    errno.ENOSPC: "磁盘已满",
    errno.ENAMETOOLONG: "名称太长",
    errno.EIO: "磁盘读写出错",
    errno.EBUSY: "文件正被占用",
    errno.ESTALE: "网络盘上的文件已经换了",
    errno.ETIMEDOUT: "网络盘没有回应",
}


class AnalysisError(ValueError):
    """Something the analyst can mend; the message is one line of Chinese saying where and how."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows in place of a traceback: the message alone."""
        return [f"未能完成：{self}"]


class MissingName(AnalysisError, AttributeError):
    """A name that the package, or a study, does not have."""


def why_refused(error: OSError) -> str:
    """Why the system could not read or write a file, in a few words of Chinese."""
    code = errno.errorcode.get(error.errno, type(error).__name__)
    return REASONS.get(error.errno, f"系统错误 {code}")
