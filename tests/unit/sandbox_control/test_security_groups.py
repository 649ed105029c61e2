def test_a_rule_for_a_group_tells_its_description(aws, network):
    ec2 = aws("ec2")
    vpc = network()["vpc"]
    link, balancer = (
        ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
        for name in ("link", "balancer")
    )
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    ec2.authorize_security_group_ingress(
        GroupId=balancer,
        IpPermissions=[{**https, "UserIdGroupPairs": [{"GroupId": link, "Description": "the link"}]}],
    )
    ec2.authorize_security_group_ingress(
        GroupId=balancer,
        IpPermissions=[{**https, "IpRanges": [{"CidrIp": "10.0.0.1/32", "Description": "a range"}]}],
    )
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [balancer]}])
    described = {
        rule["Description"]: rule.get("ReferencedGroupInfo", {}).get("GroupId")
        for rule in rules["SecurityGroupRules"]
        if not rule["IsEgress"]
    }
    assert described == {"the link": link, "a range": None}
