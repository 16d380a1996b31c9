"""What a reason says: to remove or to find is another gate, a crime's history is not (R-16, R-17)."""

from itertools import chain, combinations, permutations

import pytest

from demo import reasons
from solely.errors import UsageError
from solely.facts.lexicon import parse_lexicon
from solely.facts.reason import BEYOND, NOTHING, VAGUE, ReasonJudge
from solely.store.inputs import read_inputs

FILES = read_inputs(None)
JUDGE = ReasonJudge(parse_lexicon(FILES).reasons)


@pytest.mark.rule("R-16")
@pytest.mark.parametrize(
    "reason",
    [
        "locate for removal",
        "Address needed to effect the subject's removal.",
        "to deport the subject",
        "for REMOVAL",
        "Needed so that the subject can be removed from the country",
        "civil enforcement action",
        "execute the final order of removal",
        "removal operations in June",
        "Criminal investigation; address will also be used for civil removal",
        "not only for removal but for trial",
        "enforcement of the final order of removal",
        "rem0val operations",
        "for rem\u043eval",
        "in order to deport the subject",
        "Failed to depart. To deport the subject",
        "para deportarlo",
        "para su expulsión",
        "repatriation planning",
        "take into custody pending his return",
        "for deportaton",
        "to remove the foreigner",
        "Arms trafficking: the address shows where he hid them, and to remove him quickly",
    ],
)
def test_a_reason_of_removal_is_a_civil_purpose(reason: str) -> None:
    assert JUDGE.judge(reason).purpose == "CIVIL_REMOVAL"


@pytest.mark.rule("R-17")
@pytest.mark.parametrize(
    "reason",
    [
        "current whereabouts, serve warrant",
        "to locate the subject",
        "where the subject lives",
        "skip tracing",
        "Request in connection with finding the suspect",
        "take him into custody",
        "t0 l0cate the subject",
        "Para localizarlo",
    ],
)
def test_a_reason_of_finding_someone_is_another_gate(reason: str) -> None:
    assert JUDGE.judge(reason).purpose == "LOCATION"


@pytest.mark.rule("R-16", "R-17", "R-19")
@pytest.mark.parametrize(
    "reason",
    [
        "Under criminal investigation for willful failure to depart after the final order of removal",
        "the subject refused to be removed and resisted boarding",
        "evading removal from the United States",
        "ordered for removal in 2019 and never left",
        "to be used at trial and not for removal",
        "solely for the criminal matter, never for civil enforcement",
        "the address on file bears on knowledge of the order",
        "The inquiry concerns false statements about departure made to an officer",
        "refused to depart after the final order of removal; prosecution under 8 USC 1253",
        "failed to appear for removal at the time and place ordered",
        "the subject ignored the removal order; the grand jury sits in May",
        "statements made to a deportation officer",
        "se negó a salir tras la orden final de deportación; proceso penal",
        "José Núñez’s lease was renewed after the order",
        "the subject was found removable under 8 USC 1227",
        "a lease for unit 4 A, B, C and D was renewed",
    ],
)
def test_the_history_of_a_crime_is_no_civil_purpose(reason: str) -> None:
    judgment = JUDGE.judge(reason)
    assert (judgment.purpose, judgment.is_doubtful, judgment.is_empty) == ("NONE", False, False)


@pytest.mark.rule("R-16", "R-17")
@pytest.mark.parametrize(
    "reason",
    [
        "to locate the subject of a criminal investigation for interview",
        "Criminal violation of 8 USC 1253; address shows where the team may knock on the door Tuesday",
        'the tip said "locate for removal" and nothing else of use',
        "a warrant of removal was issued",
        "this is not, the office says, meant for removal",
        "removal",
        "r e m o v a l of the subject",
        "R.E.M.O.V.A.L.",
        "rem\u043eval",
        "remov\u0430l of the subject",
        "re\u200bmoval",
        "rem oval of him",
        "re-moval",
        "forremoval",
        "rem@val",
        "removl",
        "expulsion",
        "deportaton of the subject",
        "address check",
        "failure to depart, for removal",
        "Arms trafficking: a grinder to remove the serial numbers; the address shows whose shop it was",
        "Forced labor: he threatened to deport the maid; the address shows that she was kept in his house",
        "False invoices for removal of asbestos; the address shows the shell firm, mail fraud",
        "\u0434\u0435\u043f\u043e\u0440\u0442\u0430\u0446\u0438\u044f",
    ],
)
def test_a_reason_in_doubt_goes_to_a_person(reason: str) -> None:
    judgment = JUDGE.judge(reason)
    assert (judgment.purpose, judgment.is_doubtful) == ("NONE", True)


@pytest.mark.rule("R-16", "R-17", "R-88")
@pytest.mark.parametrize(
    "words",
    [
        "we want to know who else lives at the house", "shows other occupants of the household",
        "address shows who lives with him", "family unit",
        "the bag and baggage letter was mailed there", "the G-56 call-in letter is to be mailed",
        "will be put on a plane", "get him out of the country", "effect his departure", "send him home",
        "to be taken off the streets", "sweep of the apartment complex", "collateral arrests expected",
        "stakeout of the home", "shows his pattern of life", "target package", "shows where he sleeps",
        "shows where to look for him", "shows whether he is still there", "need a good address",
        "enrich the database", "carta de salida", "para sacarlo del pais",
        "saber con quien vive", "redada en el edificio", "para agarrarlo",
    ],
)  # fmt: skip
def test_removal_finding_and_whole_households_by_other_words_go_to_a_person(words: str) -> None:
    honest = "Willful failure to depart; the lease shows that he stayed after the order"
    assert JUDGE.judge(honest) == NOTHING
    judgment = JUDGE.judge(f"{honest}; {words}")
    assert (judgment.purpose, judgment.is_doubtful) == ("NONE", True)


HONEST = (
    "A lease signed after the final order proves willful failure to depart under 8 USC 1253(a)",
    "The address would show residence after the order in the failure to depart charge",
)


@pytest.mark.rule("R-16")
@pytest.mark.parametrize(
    "tail",
    [
        # held, taken along, brought across the border or home
        "and detain him there",
        "and take him into ICE custody",
        "and keep him in custody",
        "and hold him for transport to the border",
        "and put him on the next ICE Air flight",
        "so he can be sent home",
        "so that he goes back to Guatemala",
        "and relocate him",
        "so that he leaves the United States",
        "to return him to his country",
        "with a view to sending him back",
        "he must leave the country",
        "para que salga del país",
        "y entregarlo a migración",
        "para trasladarlo",
        "con el fin de detenerlo",
        "para su entrega",
        # the order and its supervision
        "to enforce the order",
        "to carry out the judge's order",
        "so the order can be executed",
        "for compliance with the order",
        "for the order of supervision",
        "and enrol him in ATD with a GPS monitor",
        "for an office check-in",
        # civil action, its teams and its records
        "then Title 8 processing",
        "for appropriate immigration action",
        "for administrative processing",
        "for an at-large arrest",
        "for the field team",
        "and forward it to the partner",
        "for docket management",
        "to update EARM",
        "and close the A-file",
        "para actualizar su expediente",
        # others of the family
        "and identify other undocumented relatives",
        "and find his brother",
        "and check the household",
        # what the office itself means to do
        "we plan to hold him",
        "agents intend to move him",
    ],
)
def test_a_civil_act_behind_an_honest_clause_goes_to_a_person(tail: str) -> None:
    for honest in HONEST:
        assert JUDGE.judge(honest) == NOTHING
        for text in (f"{honest} {tail}", f"{honest}, {tail}", f"{honest}; {tail}"):
            judgment = JUDGE.judge(text)
            assert judgment.is_doubtful or judgment.purpose == "CIVIL_REMOVAL", text


@pytest.mark.rule("R-16", "R-67")
@pytest.mark.parametrize(
    "reason",
    [
        "Escape, 18 USC 751: he walked out of the center and filed from Tucson; the address proves it",
        "He escaped from ICE custody in 2022; 18 USC 751; the address shows that he remained free in Nevada",
        "He was removed to Peru in 2018 and reentered, 8 USC 1326; the filing from Austin proves it",
        "Reentry after removal: fingerprints at a traffic stop; address for search warrant affidavit",
        "Assault during an attempt to put him on a flight, 18 USC 111; the address ties him to the recording",
        "He was ordered to leave the United States and stayed; the lease proves residence after the order",
        "He told officers he would never go back to Guatemala; the lease shows willful failure to depart",
        "The subject was told to report for travel and did not appear; the address shows he stayed in Reno",
        "He failed to appear for departure; the address proves where he lived",
        "Kidnapping: they agreed to hold him until the debt was paid; the apartment is listed on the return",
        "He paid a woman to marry him, 8 USC 1325(c); the two returns give different homes",
        "Failure to depart; he moved so that the notice would not reach him, and the address shows when",
        "Failure to depart; the return is compared so that the jury sees where he lived",
        "Failure to depart; the address shows residence and is not for enforcement",
        "Witness tampering; he told her to leave, and the address shows that they shared a home",
    ],
)
def test_a_crime_of_custody_or_departure_is_told_in_its_own_words(reason: str) -> None:
    assert JUDGE.judge(reason) == NOTHING


@pytest.mark.rule("R-16")
@pytest.mark.parametrize(
    "tail",
    [
        # verbs on no list: what they do with the address is no evidence, whatever it is
        "and ready the paperwork",
        "and line up a seat",
        "and end his presence",
        "and see him to the airport",
        "and make sure he boards",
        "to prepare the worksheet",
        "to feed the tracking tool",
        "to run him through another system",
        "to see which cousins live there",
        "to know if his wife has papers",
        "to mark him as a priority",
        "to finish the job",
        "and have the police stop his car",
        "y que se vaya",
        "para mandar la patrulla",
        # verbs that stand on other lists, or on none since they say nothing
        "and secure a ride",
        "and bring closure to the docket",
        "to queue him for the bus",
        "and update the system",
        "and re-serve the form",
    ],
)
def test_an_aim_that_no_list_knows_is_no_evidence_either(tail: str) -> None:
    for honest in HONEST:
        assert JUDGE.judge(f"{honest} {tail}").is_doubtful


@pytest.mark.rule("R-16", "R-67")
@pytest.mark.parametrize(
    "reason",
    [
        # the object is a crime or a proof
        "Agents need the address to draft the complaint on willful failure to depart",
        "Failure to depart; the lease helps the jury weigh the alibi",
        "The return would let the jury weigh the alibi in the failure to depart case",
        # the aim is of somebody who did something
        "He rented a flat to hide the drugs, and the return ties him to it",
        "She opened an account to move the money; bank mail proves where she lived, 18 USC 1956",
        "He bribed a clerk to issue a license in another name, and the address on it matches the return",
        "Subject tore up the passport to stop the trip, 1253(a)(1)(C); the residence fixes venue",
        "fraude de documentos; el contrato se pide para comparar su firma y para probar el domicilio",
        # nouns, that stand beside each other
        "Failure to depart: lease and mail show the same house, and the landlord will testify",
        "Mail theft; one mailbox took delivery of the checks and the subject may hold the key",
    ],
)
def test_an_aim_of_evidence_or_of_the_crime_is_none_of_the_office(reason: str) -> None:
    assert JUDGE.judge(reason) == NOTHING


@pytest.mark.rule("R-16", "R-17")
def test_an_act_is_an_aim_only_where_something_opens_it() -> None:
    honest = "Harboring: the landlord's ledger contradicts him"
    assert JUDGE.judge(f"{honest}; the officers who held him transfer funds") == NOTHING
    assert JUDGE.judge(f"{honest}; hold him there").is_doubtful
    assert JUDGE.judge(f"{honest}; this is not to hold him") == NOTHING


@pytest.mark.rule("R-17")
@pytest.mark.parametrize(
    "reason",
    [
        "Crime: failure to depart; the address will show where the subject is",
        "Failure to depart; the lease shows where he is",
        "Failure to depart; the lease shows where he can be found",
        "delito de fraude; muestra donde se encuentra",
    ],
)
def test_where_someone_is_now_is_no_evidence(reason: str) -> None:
    assert JUDGE.judge(reason).is_doubtful


@pytest.mark.rule("R-88")
@pytest.mark.parametrize(
    "reason",
    [
        "Notify us on any new address of the subject",
        "Let us know when she moves",
        "Confirm that the subject is not on file",
        "whether he is on file",
        "List everyone registered at the address",
        "Identify all persons residing at the location",
        "Score the subject",
        "Failure to depart; the lease shows that he stayed; keep us informed",
        "Avisen cuando se mude",
    ],
)
def test_what_no_request_can_ask_is_seen(reason: str) -> None:
    assert JUDGE.judge(reason) == BEYOND


@pytest.mark.rule("R-67", "R-88")
@pytest.mark.parametrize(
    "reason",
    [
        "Willful failure to depart; the return would tell us when he moved",
        "Identity theft: he used the papers of a man whose SSN he bought, and the return names his home",
        "Wire fraud; the address is needed to confirm the address on file at the bank",
        "Failure to depart; he failed to notify us of a move, and the lease shows it",
    ],
)
def test_a_crime_told_with_like_words_is_askable(reason: str) -> None:
    assert JUDGE.judge(reason) == NOTHING


@pytest.mark.rule("R-19", "R-67")
@pytest.mark.parametrize(
    "reason",
    [
        "Money laundering by a smuggling group, 18 USC 1956; the return address appears on wire forms",
        "Perjury in a bond hearing about place of residence",
        "Corroborate a cooperating witness who says the subject lived on Larkspur Lane after the order",
        "Element of presence after the removal period: the address ties the subject to utility bills",
        "Notice was mailed to an old address; whether he had moved bears on intent",
        "Refused to board a flight, 1253(a)(1)(C); the address is needed to interview the landlord",
        "Subject skipped the flight; the address would show that he stayed by choice",
        "Witness says he hid at a flat after the removal period; the address would corroborate that",
        "The residence of record shows that the subject stayed beyond the ninety days",
    ],
)
def test_the_crime_of_staying_is_named_by_its_elements_too(reason: str) -> None:
    assert JUDGE.judge(reason) == NOTHING


@pytest.mark.rule("R-16", "R-17", "R-67")
@pytest.mark.parametrize(
    "reason",
    [
        "Tax fraud: the household's returns name two homes, and the lease shows which is real",
        "Harboring: the package was sent to the house, which contradicts his statement under oath",
        "Wire fraud; the victim's letter was mailed to the residence and proves that he knew of the claim",
    ],
)
def test_a_crime_told_in_like_words_passes(reason: str) -> None:
    assert JUDGE.judge(reason) == NOTHING


@pytest.mark.rule("R-19")
@pytest.mark.parametrize(
    "reason",
    [
        "N/A", "see above", "-", "12345", "xxx", "Law enforcement", "criminal investigation", "Per the MOU",
        "Law enforcement purposes", "8 USC 1253", "18 USC 1546", "asdf",
        "relevant to an ongoing criminal investigation", "information needed for the case",
    ],
)  # fmt: skip
def test_a_reason_that_says_nothing_is_none(reason: str) -> None:
    assert JUDGE.judge(reason).is_empty


@pytest.mark.rule("R-16", "R-19")
@pytest.mark.parametrize(
    "reason",
    [
        "visa overstay",
        "d3ported",
        "Willful failure to depart",
        "bank fraud suspect",
        "fraud suspect at his home",
        "an address would show whether the payment was right",
    ],
)
def test_a_reason_without_a_crime_or_without_what_the_address_tells_of_it_is_vague(reason: str) -> None:
    assert JUDGE.judge(reason) == VAGUE


@pytest.mark.rule("R-19", "R-67")
@pytest.mark.parametrize(
    "reason",
    [
        "Bank fraud: loan papers list a house he says he never lived in",
        "Kidnapping; the ransom call came from near the subject's former home",
        "willful failure to depart; residence here in 2023 is an element",
        "fraude de documentos; la dirección contradice su testimonio",
        "8 USC 1253(a)(1)(A): presence after the ninety days must be proven",
        "stayed beyond the removal period; the defendant signed a lease",
        "removing serial numbers from firearms; the address shows who held the shop",
        "the address helps to locate the proceeds of the bank fraud and shows who kept them",
    ],
)
def test_a_reason_of_an_officer_in_own_words_passes(reason: str) -> None:
    assert JUDGE.judge(reason) is NOTHING


@pytest.mark.rule("R-16", "R-17")
@pytest.mark.parametrize(
    ("reason", "purpose"),
    [
        ("Execute I-205", "CIVIL_REMOVAL"),
        ("Effectuate the final order", "CIVIL_REMOVAL"),
        ("Serve NTA", "CIVIL_REMOVAL"),
        ("the suspect of the fraud will be deported", "CIVIL_REMOVAL"),
        ("Where does she live now?", "LOCATION"),
        ("Para saber dónde vive", "LOCATION"),
        ("Find him", "LOCATION"),
    ],
)
def test_a_purpose_in_the_trade_s_own_words_is_seen(reason: str, purpose: str) -> None:
    assert JUDGE.judge(reason).purpose == purpose


@pytest.mark.rule("R-16", "R-17", "R-67")
def test_every_reason_of_the_demo_keeps_its_outcome() -> None:
    told = [reasons.sentence(place) for place in range(0, reasons.COUNT, 7)]
    assert {JUDGE.judge(each) for each in told} == {NOTHING}
    assert {JUDGE.judge(f"{each} {told[0]}") for each in reasons.TELLING} == {NOTHING}
    assert {JUDGE.judge(each).purpose for each in reasons.REMOVAL} == {"CIVIL_REMOVAL"}
    assert {JUDGE.judge(each).purpose for each in reasons.LOCATION} == {"LOCATION"}


@pytest.mark.rule("R-16", "R-17", "R-19")
def test_a_sentence_says_the_same_wherever_it_stands() -> None:
    sentences = [
        "The subject is charged with a willful failure to depart",
        "the address is needed to compare with the sworn declaration",
        "this is not for removal",
        "find him",
        "the file tells of a final order",
    ]
    judge = ReasonJudge(parse_lexicon(FILES).reasons)
    for chosen in chain.from_iterable(combinations(sentences, size) for size in (2, 3)):
        told = {judge.judge("; ".join(each)) for each in permutations(chosen)}
        assert len(told) == 1


def test_what_the_judge_keeps_is_no_reason() -> None:
    judge = ReasonJudge(parse_lexicon(FILES).reasons)
    judge.judge("Zebulon Quist hides")
    assert judge._said and all("QUIST" not in sentence for sentence in judge._said)


@pytest.mark.parametrize("name", ["names.toml", "statutes.toml", "reasons.toml"])
def test_a_list_that_is_missing_or_broken_stops_the_gate(name: str) -> None:
    for files in (
        {k: v for k, v in FILES.items() if k != name},
        {**FILES, name: b"= ="},
        {**FILES, name: b'version = "1"'},
    ):
        with pytest.raises(UsageError, match=name.replace(".", r"\.")):
            parse_lexicon(files)


PROVEN = (
    "The grand jury charged the subject under 8 USC 1253(a)(1)(A) on 4 March 2025. "
    "The return of 2023 is evidence that he was here after the ninety days. "
)
CHARGED = "Willful failure to depart, 8 USC 1253(a)(1)(A); the address will prove presence in the district. "


@pytest.mark.rule("R-16", "R-17")
@pytest.mark.parametrize(
    "tail",
    [
        # an order says no more than its own sentence
        "Alien has a final order and must be deported.", "Subject has a removal order and will be deported.",
        "He has an order, deport him.", "With final order, locate and deport.",
        "After the hearing he must be removed.", "Orden de deportacion, necesitamos domicilio.",
        # proceedings are told of, unless the address is for them
        "For use in removal proceedings.", "To be used in removal proceedings.",
        "Evidence for the removal hearing.", "For the deportation officer.",
        "For use at the deportation hearing.", "To support removal proceedings.",
        # nobody will be tried
        "Prosecution not anticipated, removal only.", "Charges not expected, will be deported.",
        "AUSA declined prosecution.", "No prosecution will follow.", "This will not be prosecuted.",
        # leaving by other names, other programmes and other people
        "Send self-deport notice.", "To mail voluntary departure offer.", "CBP Home.",
        "To determine whether subject receives SNAP or Medicaid.", "Public benefits eligibility review.",
        "Child support enforcement.", "Sponsor vetting.", "Employer audit.", "Worksite raid preparation.",
        "Voter roll check.", "Visa overstay lead, needs field visit.", "Overstay enforcement.",
        "Mass enforcement operation in June.", "Goal is location of the family.",
        "Subject's spouse is the real target.", "Also for the child welfare agency.",
        "Address also goes to the local police.", "8 USC 1229a proceedings.",
    ],
)  # fmt: skip
def test_another_purpose_behind_an_honest_sentence_goes_to_a_person(tail: str) -> None:
    assert JUDGE.judge(CHARGED) == NOTHING
    judgment = JUDGE.judge(CHARGED + tail)
    assert (judgment.purpose, judgment.is_doubtful) == ("NONE", True)


@pytest.mark.rule("R-16")
@pytest.mark.parametrize(
    "tail", ["Sera deportado.", "Tiene orden de deportacion y debe ser deportado.", "Alien must be deported."]
)
def test_removal_stated_behind_an_honest_sentence_is_a_civil_purpose(tail: str) -> None:
    assert JUDGE.judge(CHARGED + tail).purpose == "CIVIL_REMOVAL"


@pytest.mark.rule("R-16", "R-17")
@pytest.mark.parametrize(
    "reason",
    [
        "The address shows that the defendant received the letter, an element of willfulness under section "
        "1253(a)(1) of title 8.",
        "Failure to depart, section 1253(a)(1)(A) title 8 United States Code; the address proves presence.",
        "Harboring, 8 U.S.C. 1324(a)(1)(A)(iii). Subject leases property to persons brought in by the group.",
        "8 USC 1253(a)(1)(A): the alien's own admission is on the I-213; tax address would corroborate.",
        "Confirm defendant's residence during 2020-2022, elements of 18 USC 1425(a).",
        "Trafficking in persons, 18 USC 1591; the subject's residence in 2022 is where victims were kept.",
        "Sought for use by AUSA in preparation for judicial proceeding pertaining to the enforcement of "
        "8 USC 1253(a)(1)(A).",
        "Title 8 USC 1326; found in Denver 10/2024 after removals in 2009, the address shows he stayed.",
        "Perjury at his removal hearing, 18 USC 1621: the return shows another address.",
        "SNAP fraud, 7 USC 2024 and 18 USC 1343: the address on the claim differs from that on the return.",
        "He was ordered to be removed in 2019 and the address shows that he remained, 8 USC 1253(a)(1)(A).",
    ],
)
def test_a_crime_cited_and_told_in_the_statute_s_own_words_passes(reason: str) -> None:
    assert JUDGE.judge(reason) == NOTHING


@pytest.mark.rule("R-19", "R-86", "R-88")
@pytest.mark.parametrize(
    "tail",
    [
        "All of these aliens ignored their orders.", "Everyone with a final order is looked at.",
        "Program-wide review.", "The whole neighborhood is suspected.",
        "Every person on the docket is a suspect.", "Todos los inquilinos.",
        "Some of the listed individuals may be charged.", "Part of a data match.",
        "No individual file has been opened.",
        "An investigation may be opened later.",
        "About two million persons.",
    ],
)  # fmt: skip
def test_a_crowd_or_no_case_yet_behind_honest_sentences_goes_to_a_person(tail: str) -> None:
    assert JUDGE.judge(PROVEN + tail) != NOTHING


@pytest.mark.rule("R-16", "R-19")
@pytest.mark.parametrize(
    "tail",
    [
        "A bus leaves for the border on Friday.", "Deputies like the coffee there.",
        "For a visa sponsor.", "The licensing board needs to know.", "To revoke parole.",
        "The information will be merged with others.",
    ],
)  # fmt: skip
def test_a_sentence_that_tells_of_something_else_goes_to_a_person(tail: str) -> None:
    assert JUDGE.judge(PROVEN + tail).is_vague or JUDGE.judge(PROVEN + tail).is_doubtful


@pytest.mark.rule("R-16", "R-67")
@pytest.mark.parametrize(
    "tail",
    [
        "", "Case number 25-cr-00417; lead agent certified.", "The statute of limitations runs in 2027.",
        "Official business.", "He moved to Tucson in May.",
        "The question is simple: a form names a guardian; whose?",
        "He absconded during an escorted removal on 4 April 2024.",
        "He concealed his whereabouts to hamper it.",
        "He bit the escort officer on 8 October 2021 to stop his departure.",
    ],
)  # fmt: skip
def test_what_an_honest_reason_says_besides_leaves_it_honest(tail: str) -> None:
    assert JUDGE.judge(PROVEN + tail) == NOTHING
