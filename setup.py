"""What pyproject.toml cannot say: an editable install brings the data files too.

They are JupyterLab's settings (`[tool.setuptools.data-files]`). setuptools is ready to install
them, but asks for `has_data`, which its own distribution lacks.
"""

from setuptools import Distribution, setup


class WithData(Distribution):
    """A distribution that answers when asked whether it has data files."""

    def has_data(self) -> bool:
        """Whether `install_data` has anything to do."""
        return bool(self.has_data_files())


setup(distclass=WithData)
