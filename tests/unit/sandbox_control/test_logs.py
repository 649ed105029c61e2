def test_a_group_that_is_made_again_has_its_own_tags_only(aws):
    logs = aws("logs")
    logs.create_log_group(logGroupName="g", tags={"a": "1", "b": "2"})
    logs.delete_log_group(logGroupName="g")
    logs.create_log_group(logGroupName="g", tags={"a": "3"})
    (group,) = logs.describe_log_groups()["logGroups"]
    assert logs.list_tags_for_resource(resourceArn=group["logGroupArn"])["tags"] == {"a": "3"}
