"""Addresses of the item banks, under ``/khao-thi/ngan-hang/``."""

from __future__ import annotations

from django.urls import path

from lms.portals.exams.bank.views import banks, bulk, editing, items, pictures, review, topics

urlpatterns = [
    path("", banks.bank_list, name="banks"),
    path("moi/", banks.bank_new, name="bank-new"),
    path("tat-ca/", items.all_items, name="items"),
    path("anh/", pictures.upload, name="item-picture"),
    path("hang-loat/", bulk.bulk, name="items-bulk"),
    path("hang-loat/hoan-tac/", bulk.undo, name="items-bulk-undo"),
    path("<int:bank_id>/", items.bank_items, name="bank"),
    path("<int:bank_id>/sua/", banks.bank_edit, name="bank-edit"),
    path("<int:bank_id>/chu-de/", topics.topics, name="bank-topics"),
    path("<int:bank_id>/chu-de/<int:topic_id>/xoa/", topics.remove, name="bank-topic-remove"),
    path("<int:bank_id>/trung-nhau/", banks.duplicates, name="bank-duplicates"),
    path("<int:bank_id>/cau-hoi/moi/", editing.item_new, name="item-new"),
    path("<int:bank_id>/cau-hoi/giong/", editing.near_items, name="items-near"),
    path("cau-hoi/<int:item_id>/", items.item, name="item"),
    path("cau-hoi/<int:item_id>/sua/", editing.item_edit, name="item-edit"),
    path("cau-hoi/<int:item_id>/phien-ban/<int:number>/", items.version, name="item-version"),
    path("cau-hoi/<int:item_id>/trang-thai/", review.change_state, name="item-state"),
    path("cau-hoi/<int:item_id>/binh-luan/", review.comment, name="item-comment"),
    path("cau-hoi/<int:item_id>/binh-luan/<int:comment_id>/", review.resolve, name="item-comment-resolve"),
    path("cau-hoi/<int:item_id>/khong-cung-de/", review.enemies, name="item-enemies"),
]
