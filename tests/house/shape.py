"""Prints the shape of the house, for the eye: `python -m tests.house.shape`. The tests hold the limits."""

from __future__ import annotations

from tests.house.tree import lengths, modules, name


def main() -> None:
    """Print how long functions and files are, and which are the longest."""
    found = lengths()
    for low, high in ((1, 5), (6, 10), (11, 15), (16, 20), (21, 24), (25, 40), (41, 60), (61, 80), (81, 9999)):
        inside = [each for each in found if low <= each.lines <= high]
        kernels = sum(each.kernel for each in inside)
        print(f"{low:>3}-{high:<4} lines {len(inside):>5} functions, {kernels} of them kernels")
    for each in found[:10]:
        print(f"{each.lines:>4}  {each.where}{'  (kernel)' if each.kernel else ''}")
    files = sorted(
        ((len(path.read_text(encoding="utf8").splitlines()), name(path)) for path in modules()), reverse=True
    )
    print(f"{len(files)} files, {sum(size for size, _ in files)} lines; the longest:")
    for size, path in files[:5]:
        print(f"{size:>4}  {path}")


if __name__ == "__main__":
    main()
