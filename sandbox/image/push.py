"""Sends an image to an ECR registry through its API, and only what is not there yet."""

from typing import Any

from botocore.exceptions import ClientError

from sandbox.image.blobs import BlobStore
from sandbox.image.oci import MANIFEST_TYPE, Image


def push(image: Image, blobs: BlobStore, ecr: Any, *, repository: str, tag: str | None) -> None:
    """Send the missing layers, then the manifest. `ecr` is a boto3 client.

    An image that is there already under this tag is left as it is. Raises botocore's ClientError.
    """
    answer = ecr.batch_check_layer_availability(repositoryName=repository, layerDigests=list(image.blobs))
    present = {
        layer["layerDigest"] for layer in answer["layers"] if layer["layerAvailability"] == "AVAILABLE"
    }
    for digest in image.blobs:
        if digest not in present:
            _send_layer(digest, blobs, ecr, repository)
    try:
        ecr.put_image(
            repositoryName=repository,
            imageManifest=image.manifest.decode(),
            imageManifestMediaType=MANIFEST_TYPE,
            imageDigest=image.digest,
            **({"imageTag": tag} if tag else {}),
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ImageAlreadyExistsException":
            raise


def _send_layer(digest: str, blobs: BlobStore, ecr: Any, repository: str) -> None:
    upload = ecr.initiate_layer_upload(repositoryName=repository)
    with blobs.open(digest) as file:
        first_byte = 0
        while part := file.read(upload["partSize"]):
            ecr.upload_layer_part(
                repositoryName=repository,
                uploadId=upload["uploadId"],
                partFirstByte=first_byte,
                partLastByte=first_byte + len(part) - 1,
                layerPartBlob=part,
            )
            first_byte += len(part)
    try:
        ecr.complete_layer_upload(
            repositoryName=repository, uploadId=upload["uploadId"], layerDigests=[digest]
        )
    except ClientError as error:
        # Another push of the same layer was faster.
        if error.response["Error"]["Code"] != "LayerAlreadyExistsException":
            raise
