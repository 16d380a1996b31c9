"""The acts, attacks and contests of the other modules, with the state in PostgreSQL.

The tests are the same functions; the fixtures beside this file give them another engine.
"""

import pytest

from tests.e2e.test_attacks import (  # noqa: F401 -- collected here as well
    test_a_batch_called_released_that_nobody_approved_is_not_released_with_another,
    test_a_batch_whose_day_of_receipt_was_edited_stops_the_gate,
    test_a_caseload_is_not_emptied_by_an_edit,
    test_a_chunk_edited_between_a_kill_and_the_next_run_stops_the_batch,
    test_a_deleted_case_stops_the_release_before_anything_leaves,
    test_a_file_of_the_batch_that_was_edited_stops_the_approval,
    test_a_letter_whose_rows_are_deleted_is_not_received_anew,
    test_a_referral_needs_votes_that_are_in_the_ledger,
    test_a_statement_of_the_state_alone_enrols_no_approver,
    test_an_approval_that_stands_in_the_table_alone_counts_for_nothing,
    test_an_edited_configuration_stops_the_gate,
    test_an_item_set_back_to_releasable_is_not_released_twice,
    test_attempts_are_not_forgotten_by_an_edit,
)
from tests.e2e.test_contest import (  # noqa: F401 -- collected here as well
    test_a_contest_that_stands_in_the_tables_alone_reopens_nothing,
    test_a_contest_whose_row_is_deleted_is_not_made_again,
    test_a_late_decline_is_contested_in_its_own_time_and_before_another_officer,
    test_a_reconsidered_item_rests_on_its_contest_until_it_leaves,
    test_an_edited_contest_permits_nothing,
    test_what_the_custodians_policy_returned_is_reconsidered_and_can_be_released,
)
from tests.e2e.test_orders import (  # noqa: F401 -- collected here as well
    test_a_recall_stops_openings_and_its_declaration_counts_what_the_ledger_shows,
    test_a_stay_between_approvals_stops_the_batch_until_two_lift_it_and_a_day_has_passed,
)
from tests.e2e.test_release import (  # noqa: F401 -- collected here as well
    test_a_referred_item_needs_two_confirmations_and_one_decline_ends_it,
    test_a_state_row_edited_by_hand_stops_the_release,
    test_one_approval_releases_nothing_and_the_same_approver_counts_once,
    test_the_named_officer_reads_the_address_of_record_and_nobody_else_does,
    test_two_items_swapped_between_decision_and_seal_stop_the_release,
)

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
