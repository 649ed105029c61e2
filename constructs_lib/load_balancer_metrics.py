"""The metrics that a Network Load Balancer writes.

https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-cloudwatch-metrics.html
"""

from dataclasses import dataclass

from constructs_lib.alarm import Metric

NAMESPACE = "AWS/NetworkELB"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBalancerMetrics:
    """Where the metrics of a load balancer and of its target group are found."""

    load_balancer: str
    """The end of its ARN, from `net/` on."""
    target_group: str
    """The end of its ARN, from `targetgroup/` on."""

    def healthy_targets(self) -> Metric:
        """The fewest that were healthy."""
        return self._of_targets("HealthyHostCount", "Minimum")

    def unhealthy_targets(self) -> Metric:
        """The most that were not."""
        return self._of_targets("UnHealthyHostCount", "Maximum")

    def active_flows(self) -> Metric:
        """Connections that are open."""
        return self._metric("ActiveFlowCount", "Average")

    def port_allocation_errors(self) -> Metric:
        """Connections that found no port left."""
        return self._metric("PortAllocationErrorCount", "Sum")

    def rejected_flows(self) -> Metric:
        """Connections that the load balancer refused."""
        return self._metric("RejectedFlowCount", "Sum")

    def flows_blocked_inwards(self) -> Metric:
        """Connections that its security group kept out; PrivateLink's too, if its rules hold for them."""
        return self._metric("SecurityGroupBlockedFlowCount_Inbound_TCP", "Sum")

    def flows_blocked_outwards(self) -> Metric:
        """Connections to targets that its security group kept in."""
        return self._metric("SecurityGroupBlockedFlowCount_Outbound_TCP", "Sum")

    def _of_targets(self, name: str, statistic: str) -> Metric:
        dimensions = {"LoadBalancer": self.load_balancer, "TargetGroup": self.target_group}
        return Metric(namespace=NAMESPACE, name=name, dimensions=dimensions, statistic=statistic)

    def _metric(self, name: str, statistic: str) -> Metric:
        dimensions = {"LoadBalancer": self.load_balancer}
        return Metric(namespace=NAMESPACE, name=name, dimensions=dimensions, statistic=statistic)
