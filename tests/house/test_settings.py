"""What an installation may be told, and what is refused in words."""


from kith.config import environ


def test_one_folder_holds_everything_and_the_key_is_private(tmp_path):
    told = environ.read({"KITH_HOME": str(tmp_path / "home")})
    assert told.database["NAME"] == str(tmp_path / "home" / "kith.sqlite3")
    assert (tmp_path / "home" / "secret.key").stat().st_mode & 0o777 == 0o600
    assert environ.read({"KITH_HOME": str(tmp_path / "home")}).secret_key == told.secret_key
