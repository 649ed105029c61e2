"""The bucket of the Terraform state."""

import json
from dataclasses import dataclass

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.s3_bucket_lifecycle_configuration import (
    S3BucketLifecycleConfiguration,
    S3BucketLifecycleConfigurationRule,
    S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload,
    S3BucketLifecycleConfigurationRuleFilter,
    S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration,
)
from cdktf_cdktf_provider_aws.s3_bucket_ownership_controls import (
    S3BucketOwnershipControls,
    S3BucketOwnershipControlsRule,
)
from cdktf_cdktf_provider_aws.s3_bucket_policy import S3BucketPolicy
from cdktf_cdktf_provider_aws.s3_bucket_public_access_block import S3BucketPublicAccessBlock
from cdktf_cdktf_provider_aws.s3_bucket_server_side_encryption_configuration import (
    S3BucketServerSideEncryptionConfigurationA,
    S3BucketServerSideEncryptionConfigurationRuleA,
    S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA,
)
from cdktf_cdktf_provider_aws.s3_bucket_versioning import (
    S3BucketVersioningA,
    S3BucketVersioningVersioningConfiguration,
)
from constructs import Construct

from constructs_lib.names import literal

KEPT_VERSIONS = 10
ABANDONED_UPLOAD_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class StateBucketProps:
    """What `StateBucket` needs."""

    provider: AwsProvider
    """Provider of the account and region of the bucket."""
    name: str
    """Name of the bucket."""
    partition: str
    """AWS partition of its region."""
    kms_key_id: str | None
    """Key that objects are encrypted with; None for S3's own encryption."""
    versions_days: int
    """Days that replaced versions are kept; the last ten always are."""


class StateBucket(Construct):
    """A bucket that keeps every version, is reached over TLS alone, is never public, and is not deleted.

    Terraform: `aws_s3_bucket`, and `aws_s3_bucket_` with `versioning`, `public_access_block`,
    `server_side_encryption_configuration`, `ownership_controls`, `lifecycle_configuration` and `policy`.
    Terraform refuses to plan its destruction.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
    """

    def __init__(self, scope: Construct, id_: str, props: StateBucketProps) -> None:
        super().__init__(scope, id_)
        self._props = props
        self._bucket = S3Bucket(
            self,
            "Bucket",
            provider=props.provider,
            bucket=props.name,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
        )
        versioning = self._keep_versions()
        self._encrypt()
        block = self._keep_private()
        self._forget_old_versions(versioning)
        # The block refuses public policies: it stands before there is any policy.
        self._add_policy(block)

    def _keep_versions(self) -> S3BucketVersioningA:
        return S3BucketVersioningA(
            self,
            "Versioning",
            provider=self._props.provider,
            bucket=self._bucket.id,
            versioning_configuration=S3BucketVersioningVersioningConfiguration(status="Enabled"),
        )

    def _encrypt(self) -> None:
        key = self._props.kms_key_id
        by_default = S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA(
            sse_algorithm="AES256" if key is None else "aws:kms",
            kms_master_key_id=None if key is None else literal(key),
        )
        S3BucketServerSideEncryptionConfigurationA(
            self,
            "Encryption",
            provider=self._props.provider,
            bucket=self._bucket.id,
            rule=[
                S3BucketServerSideEncryptionConfigurationRuleA(
                    apply_server_side_encryption_by_default=by_default,
                    bucket_key_enabled=None if key is None else True,
                )
            ],
        )

    def _keep_private(self) -> S3BucketPublicAccessBlock:
        S3BucketOwnershipControls(
            self,
            "Ownership",
            provider=self._props.provider,
            bucket=self._bucket.id,
            rule=S3BucketOwnershipControlsRule(object_ownership="BucketOwnerEnforced"),
        )
        return S3BucketPublicAccessBlock(
            self,
            "PublicAccessBlock",
            provider=self._props.provider,
            bucket=self._bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        )

    def _forget_old_versions(self, versioning: S3BucketVersioningA) -> None:
        rule = S3BucketLifecycleConfigurationRule(
            id="old-versions",
            status="Enabled",
            filter=[S3BucketLifecycleConfigurationRuleFilter(prefix="")],
            noncurrent_version_expiration=[
                S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration(
                    noncurrent_days=self._props.versions_days, newer_noncurrent_versions=KEPT_VERSIONS
                )
            ],
            abort_incomplete_multipart_upload=[
                S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload(
                    days_after_initiation=ABANDONED_UPLOAD_DAYS
                )
            ],
        )
        S3BucketLifecycleConfiguration(
            self,
            "Lifecycle",
            provider=self._props.provider,
            bucket=self._bucket.id,
            rule=[rule],
            depends_on=[versioning],
        )

    def _add_policy(self, block: S3BucketPublicAccessBlock) -> None:
        arn = f"arn:{self._props.partition}:s3:::{self._props.name}"
        denied = {
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": "s3:*",
            "Resource": [arn, f"{arn}/*"],
        }
        conditions = {
            "NoPlainText": {"Bool": {"aws:SecureTransport": "false"}},
            "NoOldTls": {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
        }
        statements = [{**denied, "Sid": sid, "Condition": found} for sid, found in conditions.items()]
        S3BucketPolicy(
            self,
            "Policy",
            provider=self._props.provider,
            bucket=self._bucket.id,
            policy=json.dumps({"Version": "2012-10-17", "Statement": statements}, sort_keys=True),
            depends_on=[block],
        )
