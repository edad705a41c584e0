"""Every test run has its own data folder, keys and database; nothing of the machine's own is touched."""

from collections.abc import Generator, Iterator
from pathlib import Path

import django
import pytest
from django.conf import settings
from hypothesis import settings as hypothesis

from tests import environment, server

environment.lay()
environment.read_settings()
django.setup()
# How long an example takes says how busy the machine is, and nothing about what it proves.
hypothesis.register_profile("unhurried", deadline=None)
hypothesis.load_profile("unhurried")


WITHOUT_DATABASE = {"architecture", "covenant", "crypto", "exports", "demo"}
LONGEST = "system"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-with-database",
        action="store_true",
        help="leave out tests of pure parts: the second database can tell nothing new about them",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    # Files of few and long tests come first: at the end one worker would have them and the others nothing.
    items.sort(key=lambda item: _folder(item) != LONGEST)
    if not config.getoption("--only-with-database"):
        return
    pure = [item for item in items if _is_pure(item)]
    config.hook.pytest_deselected(items=pure)
    items[:] = [item for item in items if item not in set(pure)]


def _is_pure(item: pytest.Item) -> bool:
    """A test in a folder of pure parts that asks for no database and starts no program on a store."""
    asks = {"db", "transactional_db", "store"} & set(getattr(item, "fixturenames", ()))
    return _folder(item) in WITHOUT_DATABASE and not asks and item.get_closest_marker("django_db") is None


def _folder(item: pytest.Item) -> str:
    return item.path.relative_to(Path(__file__).parent).parts[0]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Make what a test printed fit to be sent between parallel workers: hostile text is no UTF-8."""
    report = yield
    report.sections = [(name, text.encode("utf-8", "backslashreplace").decode()) for name, text in report.sections]
    return report


@pytest.fixture(scope="session", autouse=True)
def keys() -> object:
    """Keys of this run, installed as the front door does it; returns the KeyRing."""
    from conference import crypto, startup

    ring, _recovery = crypto.KeyRing.create(settings.CONFIG.keys_folder)
    startup.use_keys(ring)
    return ring


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """pytest-django's own, and before the database goes the log's writer closes its connection."""
    from audit import record

    yield
    record.stop()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[server.Store]:
    """An empty store of its own (data folder, keys, database) for programs that are started for real."""
    with server.Store.make(tmp_path / "store") as made:
        yield made
