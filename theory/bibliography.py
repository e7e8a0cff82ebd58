"""The literature: where published statements come from, and where cited facts are proved."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


class UnknownReference(KeyError):
    """The bibliography has no entry of this key."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Reference:
    """One entry of the bibliography.

    Parameters
    ----------
    key : str
        How statements and facts name it.
    kind : str
        BibTeX's entry type.
    fields : mapping
        BibTeX's fields, in Unicode; ``author`` in the form "First Last and First Last".
    """

    key: str
    kind: str
    fields: Mapping[str, str]

    def __str__(self) -> str:
        authors = [name.split()[-1] for name in self.fields["author"].split(" and ")]
        listed = authors[0] if len(authors) == 1 else f"{', '.join(authors[:-1])} and {authors[-1]}"
        return f"{listed} ({self.fields['year']}), {self.fields['title']}"

    def bibtex(self) -> str:
        """Return the entry as BibTeX, in ASCII."""
        lines = [f"  {name} = {{{_field(name, value)}}}," for name, value in self.fields.items()]
        return "\n".join([f"@{self.kind}{{{self.key},", *lines, "}"])


_ACCENTS = {"\u0301": "'", "\u0300": "`", "\u0302": "^", "\u0308": '"', "\u0303": "~"}
_LETTERS = {"Ł": r"{\L}", "ł": r"{\l}", "ø": r"{\o}", "–": "--", "’": "'"}


def _field(name: str, value: str) -> str:
    """Return a field's value; the braces keep a title's capitals."""
    text = ascii_tex(value)
    return f"{{{text}}}" if name == "title" else text


def ascii_tex(text: str) -> str:
    """Write accented letters as TeX commands, which every BibTeX understands."""
    return "".join(_LETTERS.get(letter) or _accented(letter) for letter in text)


def _accented(letter: str) -> str:
    parts = unicodedata.normalize("NFD", letter)
    if len(parts) == 2 and parts[1] in _ACCENTS:
        return rf"{{\{_ACCENTS[parts[1]]}{parts[0]}}}"
    return letter


def reference(key: str) -> Reference:
    """Return the entry of this key.

    Raises
    ------
    UnknownReference
        If there is none.
    """
    if key not in BIBLIOGRAPHY:
        raise UnknownReference(f"no reference {key!r} in theory.bibliography")
    return BIBLIOGRAPHY[key]


def bibtex(keys: Iterable[str]) -> str:
    """Return the entries of these keys as BibTeX, each once, in the order given."""
    return "\n\n".join(reference(key).bibtex() for key in dict.fromkeys(keys))


def _article(key: str, author: str, title: str, journal: str, year: str, **more: str) -> Reference:
    fields = {"author": author, "title": title, "journal": journal, "year": year, **more}
    return Reference(key, "article", fields)


def _book(key: str, author: str, title: str, publisher: str, year: str, **more: str) -> Reference:
    fields = {"author": author, "title": title, "publisher": publisher, "year": year, **more}
    return Reference(key, "book", fields)


def _paper(key: str, author: str, title: str, where: str, year: str, **more: str) -> Reference:
    fields = {"author": author, "title": title, "booktitle": where, "year": year, **more}
    return Reference(key, "inproceedings", fields)


_PUBLISHED = (
    _paper(
        "bqf23",
        "Nathan Buskulic and Yvain Quéau and Jalal Fadili",
        "Convergence Guarantees of Overparametrized Wide Deep Inverse Prior",
        "Scale Space and Variational Methods in Computer Vision",
        "2023",
        eprint="2303.11265",
        archiveprefix="arXiv",
    ),
    _paper(
        "bfq23",
        "Nathan Buskulic and Jalal Fadili and Yvain Quéau",
        "Garanties de convergence pour la résolution de problèmes inverses linéaires par réseaux "
        "de neurones génératifs",
        "GRETSI",
        "2023",
        note="hal-04502368",
    ),
    _article(
        "bfq24",
        "Nathan Buskulic and Jalal Fadili and Yvain Quéau",
        "Convergence and Recovery Guarantees of Unsupervised Neural Networks for Inverse Problems",
        "Journal of Mathematical Imaging and Vision",
        "2024",
        eprint="2309.12128",
        archiveprefix="arXiv",
    ),
    _article(
        "bfq24b",
        "Nathan Buskulic and Jalal Fadili and Yvain Quéau",
        "Recovery Guarantees of Unsupervised Neural Networks for Inverse Problems trained with "
        "Gradient Descent",
        "arXiv preprint",
        "2024",
        eprint="2403.05395",
        archiveprefix="arXiv",
    ),
)

_INEQUALITIES = (
    _paper(
        "lojasiewicz1963",
        "Stanisław Łojasiewicz",
        "Une propriété topologique des sous-ensembles analytiques réels",
        "Les équations aux dérivées partielles",
        "1963",
        pages="87–89",
    ),
    _article(
        "kurdyka1998",
        "Krzysztof Kurdyka",
        "On gradients of functions definable in o-minimal structures",
        "Annales de l'Institut Fourier",
        "1998",
        volume="48",
        number="3",
        pages="769–783",
    ),
    _article(
        "polyak1963",
        "Boris T. Polyak",
        "Gradient methods for the minimisation of functionals",
        "USSR Computational Mathematics and Mathematical Physics",
        "1963",
        volume="3",
        number="4",
        pages="864–878",
    ),
    _article(
        "attouch2010",
        "Hédy Attouch and Jérôme Bolte and Patrick Redont and Antoine Soubeyran",
        "Proximal alternating minimization and projection methods for nonconvex problems: an "
        "approach based on the Kurdyka–Łojasiewicz inequality",
        "Mathematics of Operations Research",
        "2010",
        volume="35",
        number="2",
        pages="438–457",
    ),
    _article(
        "bolte2017",
        "Jérôme Bolte and Trong Phong Nguyen and Juan Peypouquet and Bruce W. Suter",
        "From error bounds to the complexity of first-order descent methods for convex functions",
        "Mathematical Programming",
        "2017",
        volume="165",
        pages="471–507",
    ),
)

_ANALYSIS = (
    _book(
        "rudin1976",
        "Walter Rudin",
        "Principles of Mathematical Analysis",
        "McGraw-Hill",
        "1976",
        edition="third",
    ),
    _book(
        "horn2012",
        "Roger A. Horn and Charles R. Johnson",
        "Matrix Analysis",
        "Cambridge University Press",
        "2012",
        edition="second",
    ),
    _book("walter1998", "Wolfgang Walter", "Ordinary Differential Equations", "Springer", "1998"),
    _book("rockafellar1970", "R. Tyrrell Rockafellar", "Convex Analysis",
          "Princeton University Press", "1970"),
    _book("nesterov2004", "Yurii Nesterov",
          "Introductory Lectures on Convex Optimization: A Basic Course", "Kluwer", "2004"),
    _article(
        "polik2007",
        "Imre Pólik and Tamás Terlaky",
        "A survey of the S-lemma",
        "SIAM Review",
        "2007",
        volume="49",
        number="3",
        pages="371–418",
    ),
    _article(
        "moreau1962",
        "Jean-Jacques Moreau",
        "Décomposition orthogonale d'un espace hilbertien selon deux cônes mutuellement polaires",
        "Comptes rendus hebdomadaires des séances de l'Académie des sciences",
        "1962",
        volume="255",
        pages="238–240",
    ),
)  # fmt: skip

_PROBABILITY = (
    _article(
        "tropp2012",
        "Joel A. Tropp",
        "User-friendly tail bounds for sums of random matrices",
        "Foundations of Computational Mathematics",
        "2012",
        volume="12",
        number="4",
        pages="389–434",
    ),
    _book(
        "boucheron2013",
        "Stéphane Boucheron and Gábor Lugosi and Pascal Massart",
        "Concentration Inequalities: A Nonasymptotic Theory of Independence",
        "Oxford University Press",
        "2013",
    ),
    _article(
        "hsu2012",
        "Daniel Hsu and Sham M. Kakade and Tong Zhang",
        "A tail inequality for quadratic forms of subgaussian random vectors",
        "Electronic Communications in Probability",
        "2012",
        volume="17",
    ),
    _article(
        "amelunxen2014",
        "Dennis Amelunxen and Martin Lotz and Michael B. McCoy and Joel A. Tropp",
        "Living on the edge: phase transitions in convex programs with random data",
        "Information and Inference",
        "2014",
        volume="3",
        number="3",
        pages="224–294",
    ),
    _paper(
        "gordon1988",
        "Yehoram Gordon",
        "On Milman's inequality and random subspaces which escape through a mesh in R^n",
        "Geometric Aspects of Functional Analysis",
        "1988",
        pages="84–106",
    ),
    _paper(
        "mcdiarmid1989",
        "Colin McDiarmid",
        "On the method of bounded differences",
        "Surveys in Combinatorics",
        "1989",
        pages="148–188",
    ),
    _book("ledoux1991", "Michel Ledoux and Michel Talagrand", "Probability in Banach Spaces",
          "Springer", "1991"),
    _article(
        "szarek1976",
        "Stanisław Szarek",
        "On the best constants in the Khinchin inequality",
        "Studia Mathematica",
        "1976",
        volume="58",
        pages="197–208",
    ),
    _article(
        "hoeffding1963",
        "Wassily Hoeffding",
        "Probability inequalities for sums of bounded random variables",
        "Journal of the American Statistical Association",
        "1963",
        volume="58",
        pages="13–30",
    ),
)  # fmt: skip

BIBLIOGRAPHY: dict[str, Reference] = {
    entry.key: entry for entry in (*_PUBLISHED, *_INEQUALITIES, *_ANALYSIS, *_PROBABILITY)
}
