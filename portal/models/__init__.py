"""Every model, so that one import fills the metadata."""

from portal.db import Base
from portal.models.account import Account, AccountAssignment
from portal.models.alert import Alert, AlertReplay, AlertRule, AlertWatch
from portal.models.api_key import ApiKey
from portal.models.assignment import TrainingAssignee, TrainingAssignment
from portal.models.audit import AuditEntry
from portal.models.course import Course, CourseLesson, CourseQuestion, LessonText
from portal.models.course_draft import CourseDraft
from portal.models.external_link import ExternalLink
from portal.models.feature import (
    CatalogueState,
    Edition,
    EditionFeature,
    Entitlement,
    EventRule,
    Feature,
)
from portal.models.health import (
    HealthDay,
    HealthModel,
    HealthNewest,
    HealthOverride,
    RenewalOutcome,
)
from portal.models.incoming_mail import IncomingMail
from portal.models.job import Job, OutboxMessage, TimetableRun, WorkerBeat
from portal.models.knowledge import (
    KnowledgeAudience,
    KnowledgeChange,
    KnowledgeFeature,
    KnowledgeItem,
    KnowledgeVersion,
)
from portal.models.knowledge_file import KnowledgeFile, KnowledgeFileUse
from portal.models.knowledge_link import KnowledgeLink
from portal.models.knowledge_revision import KnowledgeRevision
from portal.models.knowledge_work import KnowledgeDraft, KnowledgeWork
from portal.models.lesson_draft import LessonDraft
from portal.models.lesson_revision import LessonRevision
from portal.models.mail import Mail
from portal.models.metric_target import MetricTarget
from portal.models.notice import FeedToken, Notice, NoticeChoice
from portal.models.peer_median import PeerMedian
from portal.models.person import Person
from portal.models.person_request import PersonRequest
from portal.models.quota import AccountQuota, EditionQuota
from portal.models.rate import RateBucket
from portal.models.reading import KnowledgeReading, KnowledgeVerdict
from portal.models.refold import UsageRefold
from portal.models.refused_request import RefusedRequest
from portal.models.request import Request, RequestEvent, RequestGrade, RequestTracker
from portal.models.request_file import RequestDraft, RequestFile
from portal.models.request_judgement import RequestJudgement
from portal.models.request_message import InternalNote, RequestMessage
from portal.models.request_receipt import RequestReceipt
from portal.models.request_vote import RequestConfirmation, RequestFollow, RequestVote
from portal.models.request_word import RequestWord, SharedRequestWord
from portal.models.request_words import CannedReply, CannedReplyText, StateLabel
from portal.models.search_judgement import JudgedQuestion, SearchJudgement
from portal.models.search_question import SearchGap, SearchQuestion
from portal.models.search_word import SearchWord
from portal.models.segment import Segment
from portal.models.sent_form import SentForm
from portal.models.service_level import ServiceCalendar, ServiceLevel
from portal.models.shared_request import RequestMerge, SharedRequest, SharedRequestText
from portal.models.shared_tracker import SharedTracker
from portal.models.snapshot import AccountSnapshot
from portal.models.task import Task
from portal.models.term import Term
from portal.models.told import UsageTold
from portal.models.training import Certificate, Enrolment, QuizAttempt, TrainingProgress
from portal.models.training_session import InternalTrainer, SessionGuest, TrainingSession
from portal.models.usage import (
    UsageAccount,
    UsageArrival,
    UsageDay,
    UsageFold,
    UsageInbox,
    UsageJournal,
    UsageLog,
    UsageMembership,
    UsageName,
    UsageNameDay,
    UsagePerson,
    UsageQuarantine,
    UsageQuota,
    UsageRefusal,
    UsageSealed,
    UsageSeen,
)
from portal.models.usage_archive import UsageArchive
from portal.models.usage_mistimed import UsageMistimed
from portal.models.usage_run import UsageRun
from portal.models.user import Invitation, User, UserSession
from portal.models.value_report import ValueReport
from portal.models.vendor import Vendor
from portal.models.volume import VolumeDay, VolumeItem, VolumeSeries
from portal.row_security import install_row_security

install_row_security(Base.metadata)

__all__ = [
    "Account",
    "AccountAssignment",
    "AccountQuota",
    "AccountSnapshot",
    "Alert",
    "AlertReplay",
    "AlertRule",
    "AlertWatch",
    "ApiKey",
    "AuditEntry",
    "CannedReply",
    "CannedReplyText",
    "CatalogueState",
    "Certificate",
    "Course",
    "CourseDraft",
    "CourseLesson",
    "CourseQuestion",
    "Edition",
    "EditionFeature",
    "EditionQuota",
    "Enrolment",
    "Entitlement",
    "EventRule",
    "ExternalLink",
    "Feature",
    "FeedToken",
    "HealthDay",
    "HealthModel",
    "HealthNewest",
    "HealthOverride",
    "IncomingMail",
    "InternalNote",
    "InternalTrainer",
    "Invitation",
    "Job",
    "JudgedQuestion",
    "KnowledgeAudience",
    "KnowledgeChange",
    "KnowledgeDraft",
    "KnowledgeFeature",
    "KnowledgeFile",
    "KnowledgeFileUse",
    "KnowledgeItem",
    "KnowledgeLink",
    "KnowledgeReading",
    "KnowledgeRevision",
    "KnowledgeVerdict",
    "KnowledgeVersion",
    "KnowledgeWork",
    "LessonDraft",
    "LessonRevision",
    "LessonText",
    "Mail",
    "MetricTarget",
    "Notice",
    "NoticeChoice",
    "OutboxMessage",
    "PeerMedian",
    "Person",
    "PersonRequest",
    "QuizAttempt",
    "RateBucket",
    "RefusedRequest",
    "RenewalOutcome",
    "Request",
    "RequestConfirmation",
    "RequestDraft",
    "RequestEvent",
    "RequestFile",
    "RequestFollow",
    "RequestGrade",
    "RequestJudgement",
    "RequestMerge",
    "RequestMessage",
    "RequestReceipt",
    "RequestTracker",
    "RequestVote",
    "RequestWord",
    "SearchGap",
    "SearchJudgement",
    "SearchQuestion",
    "SearchWord",
    "Segment",
    "SentForm",
    "ServiceCalendar",
    "ServiceLevel",
    "SessionGuest",
    "SharedRequest",
    "SharedRequestText",
    "SharedRequestWord",
    "SharedTracker",
    "StateLabel",
    "Task",
    "Term",
    "TimetableRun",
    "TrainingAssignee",
    "TrainingAssignment",
    "TrainingProgress",
    "TrainingSession",
    "UsageAccount",
    "UsageArchive",
    "UsageArrival",
    "UsageDay",
    "UsageFold",
    "UsageInbox",
    "UsageJournal",
    "UsageLog",
    "UsageMembership",
    "UsageMistimed",
    "UsageName",
    "UsageNameDay",
    "UsagePerson",
    "UsageQuarantine",
    "UsageQuota",
    "UsageRefold",
    "UsageRefusal",
    "UsageRun",
    "UsageSealed",
    "UsageSeen",
    "UsageTold",
    "User",
    "UserSession",
    "ValueReport",
    "Vendor",
    "VolumeDay",
    "VolumeItem",
    "VolumeSeries",
    "WorkerBeat",
]
