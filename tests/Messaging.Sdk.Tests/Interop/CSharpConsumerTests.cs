namespace Messaging.Sdk.Tests.Interop;

/// <summary>The consumer of docs/examples/csharp-grpc as a process, against the real server.</summary>
[Collection(nameof(CSharpCollection))]
public sealed class CSharpConsumerTests(CSharpWorkspace workspace)
{
    private readonly ConsumerSuite _suite = new(workspace);

    [Fact]
    public Task A_handler_slower_than_the_lease_keeps_its_message() => _suite.A_handler_slower_than_the_lease_keeps_its_message();

    [Fact]
    public Task A_message_whose_handler_fails_is_tried_again() => _suite.A_message_whose_handler_fails_is_tried_again();

    [Fact]
    public Task A_message_that_can_not_be_handled_goes_to_the_dead_letter_queue() => _suite.A_message_that_can_not_be_handled_goes_to_the_dead_letter_queue();

    [Fact]
    public Task No_more_messages_are_in_work_than_it_may_have() => _suite.No_more_messages_are_in_work_than_it_may_have();

    [Fact]
    public Task A_stop_finishes_what_is_in_work_and_takes_nothing_more() => _suite.A_stop_finishes_what_is_in_work_and_takes_nothing_more();

    [Fact]
    public Task What_is_not_done_in_time_for_a_stop_is_given_back() => _suite.What_is_not_done_in_time_for_a_stop_is_given_back();

    [Fact]
    public Task A_server_that_is_killed_in_the_middle_is_waited_for() => _suite.A_server_that_is_killed_in_the_middle_is_waited_for();

    [Fact]
    public Task A_server_that_is_stopped_in_the_middle_is_waited_for() => _suite.A_server_that_is_stopped_in_the_middle_is_waited_for();

    [Fact]
    public Task A_connection_that_breaks_costs_no_message_its_handler() => _suite.A_connection_that_breaks_costs_no_message_its_handler();

    [Fact]
    public Task A_refusal_is_waited_for_as_long_as_the_server_says() => _suite.A_refusal_is_waited_for_as_long_as_the_server_says();

    [Fact]
    public Task A_refusal_that_says_nothing_is_waited_for_ever_longer() => _suite.A_refusal_that_says_nothing_is_waited_for_ever_longer();

    [Fact]
    public Task Messages_of_a_group_are_worked_on_one_after_the_other_and_groups_side_by_side() => _suite.Messages_of_a_group_are_worked_on_one_after_the_other_and_groups_side_by_side();

    [Fact]
    public Task A_group_waits_for_its_message_that_is_tried_again() => _suite.A_group_waits_for_its_message_that_is_tried_again();

    [Fact]
    public Task A_group_keeps_its_order_over_a_restart_of_the_server() => _suite.A_group_keeps_its_order_over_a_restart_of_the_server();

    [Fact]
    public Task A_queue_that_is_not_there_ends_it() => _suite.A_queue_that_is_not_there_ends_it();

    [Fact]
    public Task The_example_receives_what_its_producer_sends() => _suite.The_example_receives_what_its_producer_sends();
}
